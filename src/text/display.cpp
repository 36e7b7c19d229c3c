#include "text/display.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace intent::text {
namespace {

struct Range {
    char32_t first, last;
};

// Unicode's categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point, which also reserves ranges for future
// characters. Sorted. A test compares them with a library's.
constexpr Range active[] = {
    {0x0, 0x1f},        {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
    {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0d},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

constexpr std::string_view digits = "0123456789abcdef";

void append_hex(std::string& out, std::uint32_t number, int width) {
    for (int shift = 4 * (width - 1); shift >= 0; shift -= 4)
        out += digits[number >> shift & 15];
}

void append_visible(std::string& out, char32_t character) {
    if (character < 0x100) {
        out += "\\x";
        return append_hex(out, character, 2);
    }
    out += "\\u{";
    append_hex(out, character, character > 0xffff ? 5 : 4);
    out += '}';
}

void append_escape(std::string& out, char32_t character) {
    const auto unit = [&](std::uint32_t value) {
        out += "\\u";
        append_hex(out, value, 4);
    };
    if (character <= 0xffff) return unit(character);
    const std::uint32_t rest = character - 0x10000;
    unit(0xd800 + (rest >> 10));
    unit(0xdc00 + (rest & 0x3ff));
}

/// Calls `take` with each character and its bytes, and `broken` with bytes that are not UTF-8.
template <class Take, class Broken>
void for_each_character(std::string_view text, Take take, Broken broken) {
    while (!text.empty()) {
        const Utf8Step step = utf8_step(text);
        const auto bytes = text.substr(0, step.length);
        if (step.valid)
            take(code_point(bytes), bytes);
        else
            broken(bytes);
        text.remove_prefix(step.length);
    }
}

}  // namespace

bool is_active(char32_t character) noexcept {
    const auto* range = std::lower_bound(std::begin(active), std::end(active), character,
                                         [](const Range& one, char32_t wanted) { return one.last < wanted; });
    return range != std::end(active) && range->first <= character;
}

std::string display(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for_each_character(
        text,
        [&](char32_t character, std::string_view bytes) {
            if (character == '\n' || character == '\t')
                out += ' ';
            else if (is_active(character))
                append_visible(out, character);
            else
                out += bytes;
        },
        [&](std::string_view bytes) {
            for (const char byte : bytes)
                append_visible(out, static_cast<std::uint8_t>(byte));
        });
    return out;
}

std::string display_json(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    bool in_text = false;
    bool escaped = false;
    for_each_character(
        json,
        [&](char32_t character, std::string_view bytes) {
            const bool is_space = character == ' ' || character == '\t' || character == '\n' || character == '\r';
            if (!in_text && is_space) return;
            if (in_text) {
                in_text = escaped || character != '"';
                escaped = !escaped && character == '\\';
            } else {
                in_text = character == '"';
            }
            if (is_active(character))
                append_escape(out, character);
            else
                out += bytes;
        },
        [&](std::string_view) {
            escaped = false;
            out += "\\ufffd";
        });
    return out;
}

}  // namespace intent::text
