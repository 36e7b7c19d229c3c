#include "toolkit/core/durations.hpp"

#include "text/ascii.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace intent::toolkit {

namespace {

struct Unit {
    std::string_view name;
    std::string_view other_name;
    std::string_view shown;
    std::int64_t milliseconds;
};
constexpr std::array<Unit, 6> units{{
    {"w", "w", "weeks", 604'800'000},
    {"d", "d", "d", 86'400'000},
    {"h", "h", "h", 3'600'000},
    {"m", "min", "min", 60'000},
    {"s", "sec", "s", 1'000},
    {"ms", "ms", "ms", 1},
}};
constexpr std::int64_t max_time = 100LL * 36'525 * 864'000;  // 100 years, in milliseconds

void skip_spaces(std::string_view& text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    std::int64_t sum = 0;
    std::size_t next_unit = 0;  // the largest unit that may still follow
    skip_spaces(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || count < 0 || text.front() == '-') return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        skip_spaces(text);

        const std::string name = text::lower_case(text.substr(0, text.find_first_of(" 0123456789")));
        while (next_unit < units.size() && name != units[next_unit].name && name != units[next_unit].other_name)
            ++next_unit;
        if (next_unit == units.size()) return std::nullopt;
        const std::int64_t unit = units[next_unit++].milliseconds;
        if (count > (max_time - sum) / unit) return std::nullopt;
        sum += count * unit;
        text.remove_prefix(name.size());
        skip_spaces(text);
    }
    return std::chrono::milliseconds(sum);
}

std::string describe_time(std::chrono::milliseconds time) {
    std::int64_t left = time.count();
    if (left <= 0) return "0 s";
    // Above a second, milliseconds are noise: the next whole second.
    if (left > 1'000) left = (left + 999) / 1'000 * 1'000;
    for (std::size_t i = 1; i < units.size(); ++i) {
        const std::int64_t unit = units[i].milliseconds;
        if (left < unit) continue;
        const std::string first(units[i].shown);
        if (unit <= 1'000) return std::to_string(left / unit) + " " + first;
        const Unit& smaller = units[i + 1];
        left = (left + smaller.milliseconds - 1) / smaller.milliseconds * smaller.milliseconds;
        const std::int64_t rest = left % unit / smaller.milliseconds;
        const std::string whole = std::to_string(left / unit) + " " + first;
        return rest == 0 ? whole : whole + " " + std::to_string(rest) + " " + std::string(smaller.shown);
    }
    return "0 s";
}

}  // namespace intent::toolkit
