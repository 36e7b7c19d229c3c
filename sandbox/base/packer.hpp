// Writes the MessagePack maps that have no raw type: wrapped events, Ready, Hello.
#pragma once

#include "codec/writer.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

/// Builds a map of a number of entries that is not known in advance.
class MapPacker {
public:
    /// `value` is MessagePack.
    MapPacker& add(std::string_view key, codec::ByteView value) {
        begin(key).encoded(value);
        return *this;
    }
    MapPacker& add_number(std::string_view key, std::uint64_t value) {
        begin(key).integer(value);
        return *this;
    }
    MapPacker& add_text(std::string_view key, std::string_view value) {
        begin(key).text(value);
        return *this;
    }
    MapPacker& add_list(std::string_view key, const std::vector<codec::Bytes>& values) {
        auto writer = begin(key);
        writer.list(values.size());
        for (const auto& value : values)
            writer.encoded(value);
        return *this;
    }
    codec::Bytes finish() const {
        codec::Bytes map;
        codec::Writer writer(map);
        writer.map(count_);
        writer.encoded(body_);
        return map;
    }

private:
    codec::Writer begin(std::string_view key) {
        ++count_;
        codec::Writer writer(body_);
        writer.text(key);
        return writer;
    }

    std::size_t count_ = 0;
    codec::Bytes body_;
};

}  // namespace intent::sandbox
