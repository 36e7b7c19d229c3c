// Times on the command line: "250ms", "5s", "2m", "1.5h".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// The time that `text` names, from 0 to 24 hours; nothing if it is none.
std::optional<std::chrono::milliseconds> parsed_duration(std::string_view text);

/// Errors: WrongUsage, naming `flag` and what is allowed.
std::chrono::milliseconds duration_of(std::string_view flag, const std::string& text);

}  // namespace tool
