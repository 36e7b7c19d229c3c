#include "codec/utf8.hpp"

#include <cstdint>

namespace intent::codec {
namespace {

/// How a sequence with this first byte goes on: its length, and the range of its second byte (the third and fourth are
/// always 0x80-0xbf). Length 0: no sequence begins so.
struct Lead {
    std::size_t length;
    std::uint8_t second_low, second_high;
};

Lead lead_of(std::uint8_t first) noexcept {
    if (first < 0x80) return {1, 0, 0};
    if (first < 0xc2) return {0, 0, 0};  // a continuation byte, or overlong
    if (first < 0xe0) return {2, 0x80, 0xbf};
    if (first == 0xe0) return {3, 0xa0, 0xbf};  // below: overlong
    if (first == 0xed) return {3, 0x80, 0x9f};  // above: surrogates
    if (first < 0xf0) return {3, 0x80, 0xbf};
    if (first == 0xf0) return {4, 0x90, 0xbf};
    if (first < 0xf4) return {4, 0x80, 0xbf};
    if (first == 0xf4) return {4, 0x80, 0x8f};  // above: over U+10FFFF
    return {0, 0, 0};
}

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

Utf8Step utf8_step(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const Lead lead = lead_of(byte(0));
    if (lead.length == 1) return {1, true};
    if (lead.length == 0) return {1, false};
    if (text.size() < 2 || byte(1) < lead.second_low || byte(1) > lead.second_high) return {1, false};
    for (std::size_t i = 2; i < lead.length; ++i) {
        if (text.size() <= i || (byte(i) & 0xc0) != 0x80) return {i, false};
    }
    return {lead.length, true};
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto step = utf8_step(text.substr(at));
        if (!step.valid) return at;
        at += step.length;
    }
    return std::nullopt;
}

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
    constexpr std::size_t most = 40;
    std::string out;
    for (const char c : text.substr(0, most)) {
        out += c >= 0x20 && c < 0x7f ? c : '?';
    }
    if (text.size() > most) out += "...";
    return out;
}

}  // namespace intent::codec
