// Text from outside as one token of a subject, a key or a header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intent::relay {

/// The FNV-1a hash of the bytes. It is part of what is stored on the broker: it must not change.
std::uint64_t stable_hash(std::string_view bytes) noexcept;

/// The maximum length of a token in bytes.
inline constexpr std::size_t max_token = 96;

/// Returns `text` as a token: letters, digits, '-' and '_' as they are, but no '_' at the beginning; every other byte
/// as
/// '=' and two hexadecimal digits; "=" for empty text. So a token is safe in subjects, keys and headers, different
/// texts have different tokens, and tokens that begin with '_' are free for the relay's own names. A longer token is
/// cut, and ends in "=~" and a hash of the text.
std::string to_token(std::string_view text);

/// The text of a token; of one that was cut, the beginning. Malformed escapes stay as they are.
std::string from_token(std::string_view token);

/// A name that users give: [a-z0-9_-], 1 to 32 characters.
bool is_name(std::string_view name) noexcept;

/// What `is_name` allows, for errors: "1 to 32 characters of a-z, 0-9, '_' and '-'".
inline constexpr std::string_view name_rule = "1 to 32 characters of a-z, 0-9, '_' and '-'";

}  // namespace intent::relay
