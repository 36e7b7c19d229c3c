#include "codec/describe.hpp"

#include <cstring>

namespace intent::codec {
namespace {

bool unwrap(Reader& reader, std::string_view key, Kind wanted, Wrapping& wrapping) {
    if (reader.kind() != Kind::map) return true;
    const auto start = reader.mark();
    std::uint32_t left = 0;
    if (!reader.map(left)) return false;
    for (; left > 0; --left) {
        std::string_view name;
        if (!reader.key(name)) return false;
        if (name.size() == key.size() && std::memcmp(name.data(), key.data(), key.size()) == 0) {
            if (reader.kind() != wanted) break;
            wrapping = {true, left - 1};
            return true;
        }
        if (!reader.skip()) return false;
    }
    reader.rewind(start);
    return true;
}

}  // namespace

bool unwrap_map(Reader& reader, std::string_view key, Wrapping& wrapping) {
    if (reader.take_wrapper(key)) {
        wrapping = {true, 0};
        return true;
    }
    return unwrap(reader, key, Kind::map, wrapping);
}

bool unwrap_list(Reader& reader, std::string_view key, Wrapping& wrapping) {
    return unwrap(reader, key, Kind::list, wrapping);
}

bool skip_entries(Reader& reader, std::uint32_t entries) {
    for (; entries > 0; --entries) {
        std::string_view name;
        if (!reader.key(name) || !reader.skip()) return false;
    }
    return true;
}

}  // namespace intent::codec
