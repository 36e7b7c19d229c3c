#include "sandbox/base/packer.hpp"

namespace intent::sandbox {
namespace {

void put(codec::Bytes& out, std::uint8_t tag, std::uint64_t value, int bytes) {
    out.push_back(tag);
    for (int i = bytes - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_text(codec::Bytes& out, std::string_view text) {
    if (text.size() < 32)
        out.push_back(static_cast<std::uint8_t>(0xa0 | text.size()));
    else
        put(out, 0xdb, text.size(), 4);
    out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

MapPacker& MapPacker::add(std::string_view key, codec::ByteView value) {
    ++count_;
    put_text(body_, key);
    body_.insert(body_.end(), value.begin(), value.end());
    return *this;
}

MapPacker& MapPacker::add_number(std::string_view key, std::uint64_t value) {
    codec::Bytes bytes;
    if (value < 0x80)
        bytes.push_back(static_cast<std::uint8_t>(value));
    else if (value <= 0xffff)
        put(bytes, 0xcd, value, 2);
    else if (value <= 0xffffffff)
        put(bytes, 0xce, value, 4);
    else
        put(bytes, 0xcf, value, 8);
    return add(key, bytes);
}

MapPacker& MapPacker::add_text(std::string_view key, std::string_view value) {
    codec::Bytes bytes;
    put_text(bytes, value);
    return add(key, bytes);
}

MapPacker& MapPacker::add_list(std::string_view key, const std::vector<codec::Bytes>& values) {
    codec::Bytes bytes;
    put(bytes, 0xdd, values.size(), 4);
    for (const auto& value : values)
        bytes.insert(bytes.end(), value.begin(), value.end());
    return add(key, bytes);
}

codec::Bytes MapPacker::finish() const {
    codec::Bytes map;
    put(map, 0xde, count_, 2);
    map.insert(map.end(), body_.begin(), body_.end());
    return map;
}

}  // namespace intent::sandbox
