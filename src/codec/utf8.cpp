#include "codec/utf8.hpp"

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
    out += '"';
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (static_cast<std::uint8_t>(c) >= 0x80) {
            const auto step = utf8_step(text.substr(at));
            out += step.valid ? text.substr(at, step.length) : std::string_view{"\xef\xbf\xbd"};
            at += step.length;
            continue;
        }
        if (static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\') {
            append_escaped(out, c);
        } else {
            out += c;
        }
        ++at;
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
