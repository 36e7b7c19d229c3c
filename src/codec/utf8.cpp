#include "codec/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace intent::codec {
namespace {

void append_escaped(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += hex[static_cast<std::uint8_t>(c) >> 4];
            out += hex[static_cast<std::uint8_t>(c) & 15];
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    const auto is_plain = [](char c) {
        return static_cast<std::uint8_t>(c) >= 0x20 && static_cast<std::uint8_t>(c) < 0x80 && c != '"' && c != '\\';
    };
    out += '"';
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        std::size_t length = 1;
        if (static_cast<std::uint8_t>(text.front()) >= 0x80) {
            const auto step = utf8_step(text);
            length = step.length;
            out += step.valid ? text.substr(0, length) : std::string_view{"\xef\xbf\xbd"};
        } else {
            append_escaped(out, text.front());
        }
        text.remove_prefix(length);
    }
    out += '"';
}

std::string shown(std::string_view text) {
    constexpr std::size_t max_bytes = 40;
    std::string out;
    for (const char c : text.substr(0, max_bytes)) {
        out += c >= 0x20 && c < 0x7f ? c : '?';
    }
    if (text.size() > max_bytes) out += "...";
    return out;
}

}  // namespace intent::codec
