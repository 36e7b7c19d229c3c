// The broker's answers in JSON. Only sources of this folder include this.
#pragma once

#include "relay/broker/message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent::relay::broker {

struct ApiFailure {
    int status = 0;
    int code = 0;
    std::string text;  ///< cleaned
};

/// The error in an answer of the API; unset if it has none.
std::optional<ApiFailure> parse_failure(std::string_view text);

/// The acknowledgement of a stream. Either `failure` is set, or the rest.
struct StreamAcknowledgement {
    std::optional<ApiFailure> failure = {};
    std::string stream = {};
    std::uint64_t sequence = 0;
    bool duplicate = false;
};
/// Unset if the text is none.
std::optional<StreamAcknowledgement> parse_acknowledgement(std::string_view text);

/// The answer to a request for a stored message.
struct StoredAnswer {
    std::optional<ApiFailure> failure = {};
    StoredMessage stored = {};
};
std::optional<StoredAnswer> parse_stored(std::string_view text);

/// "2024-01-15T12:00:00.123456789Z".
std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> parse_nanoseconds(std::string_view text);

/// Headers as they stand before a body: "NATS/1.0\r\nname: value\r\n\r\n".
Headers parse_headers(std::string_view text);

}  // namespace intent::relay::broker
