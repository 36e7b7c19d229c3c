// Times of day, and when they come next.
#pragma once

#include "toolkit/core/time_zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent::toolkit {

/// Reads "09:30", "9:30" or "09:30:15", from "00:00" to "23:59:59". No value for anything else.
std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text);

/// "09:30", or "09:30:15" if the seconds are not zero.
std::string format_time_of_day(std::chrono::seconds since_midnight);

/// The first moment after `after` when it is `time` in the zone, on one of the weekdays: a bit for each, Sunday first;
/// 0 means all. Each day of the calendar has exactly one such moment, see `TimeZone::moment`.
///
/// Cost: at most 10 look-ups in the rules of the zone.
std::chrono::sys_seconds next_daily(const TimeZone& zone, std::chrono::seconds time, std::uint8_t weekdays,
                                    std::chrono::sys_seconds after);

}  // namespace intent::toolkit
