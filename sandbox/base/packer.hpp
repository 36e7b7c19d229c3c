// Writes the MessagePack maps that have no raw type: wrapped events, Ready, Hello.
#pragma once

#include "codec/result.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::sandbox {

/// Builds a map from keys and encoded values.
///
/// Distinct objects: safe. Shared objects: unsafe.
class MapPacker {
public:
    MapPacker& add(std::string_view key, codec::ByteView value);
    MapPacker& add_number(std::string_view key, std::uint64_t value);
    MapPacker& add_text(std::string_view key, std::string_view value);
    MapPacker& add_list(std::string_view key, const std::vector<codec::Bytes>& values);
    codec::Bytes finish() const;

private:
    std::size_t count_ = 0;
    codec::Bytes body_;
};

}  // namespace intent::sandbox
