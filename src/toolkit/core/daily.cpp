#include "toolkit/core/daily.hpp"

namespace intent::toolkit {

namespace {

using std::chrono::days;
using std::chrono::seconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Two digits below `limit`.
std::optional<int> two_digits(std::string_view text, int limit) {
    if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
    const int value = (text[0] - '0') * 10 + (text[1] - '0');
    if (value >= limit) return std::nullopt;
    return value;
}

std::string two_digits(std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

bool is_among(std::chrono::local_days day, std::uint8_t weekdays) {
    return weekdays == 0 || (weekdays >> std::chrono::weekday(day).c_encoding() & 1) != 0;
}

}  // namespace

std::optional<seconds> parse_time_of_day(std::string_view text) {
    const bool has_short_hour = text.size() > 1 && text[1] == ':';
    const std::string whole = (has_short_hour ? "0" : "") + std::string(text.substr(0, 9));
    const bool with_seconds = whole.size() == 8;
    if ((whole.size() != 5 && !with_seconds) || whole[2] != ':') return std::nullopt;
    const std::string_view digits = whole;
    const auto hour = two_digits(digits.substr(0, 2), 24);
    const auto minute = two_digits(digits.substr(3, 2), 60);
    std::optional<int> second = 0;
    if (with_seconds) second = digits[5] == ':' ? two_digits(digits.substr(6), 60) : std::nullopt;
    if (!hour || !minute || !second) return std::nullopt;
    return seconds((*hour * 60 + *minute) * 60 + *second);
}

std::string format_time_of_day(seconds since_midnight) {
    const auto count = since_midnight.count();
    std::string text = two_digits(count / 3600) + ":" + two_digits(count / 60 % 60);
    if (count % 60 != 0) text += ":" + two_digits(count % 60);
    return text;
}

std::chrono::sys_seconds next_daily(const TimeZone& zone, seconds time, std::uint8_t weekdays,
                                    std::chrono::sys_seconds after) {
    // From the day before, whose moment can be later than it seems: the end of a gap around midnight.
    auto day = std::chrono::floor<days>(zone.local(after)) - days(1);
    for (;; day += days(1)) {
        if (!is_among(day, weekdays)) continue;
        const auto moment = zone.moment(day + time);
        if (moment > after) return moment;
    }
}

}  // namespace intent::toolkit
