// Durations on the command line: "250ms", "5s", "2m", "1.5h".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// Parses a duration from 0 to 24 hours; unset if `text` is invalid.
std::optional<std::chrono::milliseconds> parsed_duration(std::string_view text);

/// Errors: WrongUsage that names `flag` and the allowed values.
std::chrono::milliseconds duration_of(std::string_view flag, const std::string& text);

}  // namespace tool
