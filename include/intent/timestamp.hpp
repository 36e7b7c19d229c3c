// Points in time as sent on the wire (protocol §2).
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0 {

/// UTC, in whole microseconds since 1970-01-01.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Parses ISO 8601 in UTC: `2024-01-15T12:00:00Z`, with a fraction of 0-9 digits (digits after the sixth are ignored)
/// and `Z` or `+00:00` at the end. A leap second (`:60`) is read as the next second. No value otherwise.
INTENT_API std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

/// Returns `2024-01-15T12:00:00Z`, with a fraction of six digits only if it is not zero.
INTENT_API std::string format_timestamp(Timestamp time);

}  // namespace intent
