#include "tools/intent/support/duration.hpp"

#include "tools/intent/support/command.hpp"

#include <charconv>
#include <cmath>

namespace tool {

std::optional<std::chrono::milliseconds> parsed_duration(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    double factor = 0;
    if (unit == "ms") factor = 1;
    if (unit == "s") factor = 1000;
    if (unit == "m") factor = 60'000;
    if (unit == "h") factor = 3'600'000;
    const double result = std::round(number * factor);
    if (factor == 0 || !(result >= 0 && result <= 86'400'000)) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(result));
}

std::chrono::milliseconds duration_of(std::string_view flag, const std::string& text) {
    if (const auto time = parsed_duration(text)) return *time;
    throw WrongUsage(std::string(flag) + " " + text + ": expected a time such as 250ms, 5s or 2m, at most 24h");
}

}  // namespace tool
