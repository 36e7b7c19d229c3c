// An AttemptRecord as the text that workers keep on the broker.
#pragma once

#include "relay/worker/deliveries.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent::relay {

/// "<attempts> <state> <stored>". `stored`: when the stream stored the event, ns since 1970.
std::string format_attempts(const AttemptRecord& record, std::int64_t stored);

/// No value if it is malformed, or if it belongs to another event with the same sequence, of an earlier stream.
std::optional<AttemptRecord> parse_attempts(std::string_view text, std::int64_t stored);

}  // namespace intent::relay
