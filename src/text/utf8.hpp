// UTF-8: validation, code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace intent::text {

/// The start of a text: a whole code point, or invalid bytes.
struct Utf8Step {
    std::size_t length = 0;  ///< in bytes; if not valid, those that one U+FFFD replaces (at least 1)
    bool valid = false;      ///< false for a stray, overlong, cut or surrogate sequence, or one above U+10FFFF
};

/// Examines the start of `text`, which must not be empty.
Utf8Step utf8_step(std::string_view text) noexcept;

/// The position of the first byte that is not valid UTF-8; unset if all of it is valid.
std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

/// The longest prefix of at most `max_bytes` that does not end inside a character.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept;

/// The number of code points; each invalid sequence counts as one.
std::size_t count_code_points(std::string_view text) noexcept;

/// The longest prefix of at most `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count) noexcept;

/// The code point of a valid sequence (`utf8_step`).
char32_t code_point(std::string_view sequence) noexcept;

/// Invisible characters that a terminal acts on: C0, DEL, C1.
constexpr bool is_control(char32_t c) noexcept { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

/// Characters without a glyph of their own: zero-width characters, bidirectional controls, tags.
constexpr bool is_invisible(char32_t c) noexcept {
    return c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

}  // namespace intent::text
