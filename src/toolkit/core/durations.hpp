// Times as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace intent::toolkit {

/// "2h30m", "90 s", "1d 12h": whole numbers with units from the largest to the smallest (w, d, h, m or min, s, ms),
/// each at most once, at most 100 years in total. Letters in both cases. No value for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "1 h 30 min", "10 s", "250 ms": the two largest units that are not zero, rounded up, so that waiting this long is
/// enough. "0 s" for zero or less.
std::string describe_time(std::chrono::milliseconds time);

}  // namespace intent::toolkit
