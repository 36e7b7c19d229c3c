// The answer to an upgrade request, as far as it is a refusal.
#pragma once

#include "net/websocket.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

/// Bytes of the answer's head, its empty line included; 0 if it is not here as a whole.
std::size_t upgrade_head_bytes(std::string_view received);

/// True if `received` cannot be the begin of an HTTP answer.
bool is_no_http(std::string_view received);

/// Status of a complete head; 0 if it has none.
int upgrade_status(std::string_view head);

/// True if enough of the body of a refusal has arrived to tell what it says.
bool refusal_is_complete(std::string_view head, std::string_view body);

/// What a refusal means. `body` may be cut anywhere.
ConnectFailure describe_refusal(std::string_view place, std::string_view head, std::string_view body);

/// A Retry-After header: seconds, also fractional, or a date; clamped to 1 ms - 1 h, none if it is junk.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value);

}  // namespace intent::net
