// Encodes objects as the platform sends them: an unset nullable field is sent as null (protocol §3).
#pragma once

#include "codec/convert.hpp"

namespace intent::inline v0::sandbox {

template <class T>
codec::Bytes msgpack_of(const T& value) {
    return codec::to_msgpack(value, codec::Unset::nil);
}

template <class T>
std::string json_of(const T& value) {
    return codec::to_json(value, codec::Unset::nil);
}

}  // namespace intent::sandbox
