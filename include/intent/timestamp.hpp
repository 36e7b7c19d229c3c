// Points in time as the wire carries them (protocol §2).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace intent {

/// UTC, in whole microseconds since 1970-01-01.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Reads ISO 8601 in UTC: `2024-01-15T12:00:00Z`, with 0-9 digits of a second's fraction (digits beyond the sixth are
/// cut off) and `Z` or `+00:00` at the end. A leap second (`:60`) is read as the second after. No value otherwise.
std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

/// Writes `2024-01-15T12:00:00Z`, with a fraction of six digits only when there is one.
std::string format_timestamp(Timestamp time);

}  // namespace intent
