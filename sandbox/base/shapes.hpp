// Objects as the platform sends them: a field that may be null is there, null where it is unset (protocol §3).
#pragma once

#include "codec/convert.hpp"

namespace intent::sandbox {

template <class T>
codec::Bytes msgpack_of(const T& value) {
    return codec::to_msgpack(value, codec::Unset::nil);
}

template <class T>
std::string json_of(const T& value) {
    return codec::to_json(value, codec::Unset::nil);
}

}  // namespace intent::sandbox
