#pragma once

#include "codec/result.hpp"

namespace intent::codec {

/// A member of any type, kept as its MessagePack bytes. Empty means nil.
struct Any {
    Bytes bytes = {};
    friend bool operator==(const Any&, const Any&) = default;
};

}  // namespace intent::codec
