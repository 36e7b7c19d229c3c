// UTF-8: found valid, or where it is not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::codec {

/// What stands at the front of some text: a whole code point, or bytes that are none.
struct Utf8Step {
    std::size_t length = 0;  ///< bytes; if not valid, those that one U+FFFD stands for (at least 1)
    bool valid = false;      ///< false for a stray, overlong, cut or surrogate sequence, or one over U+10FFFF
};

/// Looks at the front of `text`, which must not be empty.
Utf8Step utf8_step(std::string_view text) noexcept;

/// The position of the first byte that is no valid UTF-8; none if all of it is.
std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

/// `text` as a JSON string with its quotes; each invalid sequence becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Text from a peer, fit for an error message: shortened, and only printable ASCII; the rest becomes '?'.
std::string shown(std::string_view text);

}  // namespace intent::codec
