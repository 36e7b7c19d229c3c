// The opening handshake of a WebSocket (RFC 6455 §4.1): the request, and the check of its answer.
#pragma once

#include "net/websocket.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

/// A new Sec-WebSocket-Key: 16 random bytes.
std::string make_upgrade_key();

/// `transit`: the number of the connection's Transit; empty: none.
std::string upgrade_request(std::string_view host, std::string_view target, std::string_view user_agent,
                            std::string_view key, std::string_view transit);

/// Bytes of the answer's head, including its empty line; 0 if it is incomplete.
std::size_t upgrade_head_bytes(std::string_view received);

/// True if `received` cannot be the beginning of an HTTP answer.
bool is_no_http(std::string_view received);

/// Status of a complete head; 0 if it has no valid one.
int upgrade_status(std::string_view head);

/// Why the head of an answer with status 101 does not open the connection; empty if it does.
std::string upgrade_problem(std::string_view head, std::string_view key);

/// True if enough of a refusal's body has arrived to describe it.
bool refusal_is_complete(std::string_view head, std::string_view body);

/// The meaning of a refusal. `body` may be cut anywhere.
ConnectFailure describe_refusal(std::string_view place, std::string_view head, std::string_view body);

/// Parses a Retry-After header: seconds, also fractional, or a date; clamped to 1 ms - 1 h, unset if invalid.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value);

}  // namespace intent::net
