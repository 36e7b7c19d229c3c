#include "text/utf8.hpp"

#include <cstdint>

namespace intent::text {
namespace {

/// What follows the first byte of a sequence: its length, and the range of its second byte (the third and fourth are
/// always 0x80-0xbf). Length 0: no sequence begins with this byte.
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

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept {
    if (text.size() <= max_bytes) return text;
    while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80)
        --max_bytes;
    return text.substr(0, max_bytes);
}

std::size_t count_code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(utf8_step(text).length);
    return count;
}

std::string_view first_code_points(std::string_view text, std::size_t count) noexcept {
    std::size_t bytes = 0;
    for (; count > 0 && bytes < text.size(); --count)
        bytes += utf8_step(text.substr(bytes)).length;
    return text.substr(0, bytes);
}

char32_t code_point(std::string_view sequence) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<std::uint8_t>(sequence[i])); };
    if (sequence.size() == 1) return byte(0);
    char32_t value = byte(0) & (0x7fu >> sequence.size());
    for (std::size_t i = 1; i < sequence.size(); ++i)
        value = value << 6 | (byte(i) & 0x3f);
    return value;
}

}  // namespace intent::text
