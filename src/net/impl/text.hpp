// Text from a peer, made fit for a log line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::net {

/// At most `max_bytes` of `text`, cut between characters; control characters become spaces, bytes that are no UTF-8
/// '?'.
std::string printable(std::string_view text, std::size_t max_bytes);

bool is_utf8(std::string_view text);

/// The longest prefix of at most `max_bytes` that does not end inside a UTF-8 character.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace intent::net
