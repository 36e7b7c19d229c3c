// Reads messages that have a version.
#pragma once

#include "codec/describe.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace intent::relay {

/// The version of any message: its field `v`.
struct VersionField {
    std::uint32_t version = 0;
};

/// Who reads a message, and who has written it: "the relay", "this worker". A refusal is often shown by the other one.
struct Sides {
    std::string_view reader;
    std::string_view writer;
};

/// What a reader reports about another version of `what` ("a REST request"); empty if it supports the version.
inline std::string version_mismatch(std::string_view what, std::uint64_t found, std::uint64_t supported,
                                    const Sides& sides) {
    if (found == supported) return {};
    return std::string(what) + " has version " + std::to_string(found) + ", but " + std::string(sides.reader) +
           " supports version " + std::to_string(supported) + ": update " +
           std::string(found > supported ? sides.reader : sides.writer);
}

}  // namespace intent::relay

namespace intent::codec {

template <>
struct Fields<relay::VersionField> {
    static constexpr std::tuple table{required("v", &relay::VersionField::version)};
};

}  // namespace intent::codec

namespace intent::relay {

/// Reads a message with a member `version`, whose default is the supported version. The version is checked first: the
/// other fields of another version may be different.
template <class T>
codec::Result<T> read_versioned(codec::ByteView bytes, std::string_view what, const Sides& sides) {
    const auto found = codec::from_msgpack<VersionField>(bytes);
    if (!found) return codec::Failure{std::string(what), found.failure().text()};
    if (auto why = version_mismatch(what, found->version, T{}.version, sides); !why.empty())
        return codec::Failure{"", why};
    auto read = codec::from_msgpack<T>(bytes);
    if (!read) return codec::Failure{std::string(what), read.failure().text()};
    return read;
}

}  // namespace intent::relay
