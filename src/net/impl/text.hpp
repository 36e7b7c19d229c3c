// Cleans text from a peer for a log line, and helps with text of its headers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::net {

/// At most `max_bytes` of `text`, cut between characters. Control characters become spaces; bytes that are not UTF-8
/// become '?'.
std::string printable(std::string_view text, std::size_t max_bytes);

bool is_utf8(std::string_view text);

/// The longest prefix of at most `max_bytes` that does not end inside a UTF-8 character.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Removes white space at both ends.
std::string_view trimmed(std::string_view text);

/// Converts `A`-`Z` to `a`-`z`.
std::string lower_case(std::string_view text);

/// "cannot be read: No such file or directory", from `errno`.
std::string system_problem(const char* what);

/// Maximum length of a peer's text in a failure.
inline constexpr std::size_t max_failure_text = 400;

/// RFC 6455 §5.5.1: a control frame of 125 bytes, minus the code.
inline constexpr std::size_t max_close_reason = 123;

}  // namespace intent::net
