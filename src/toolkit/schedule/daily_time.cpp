#include "text/quoted.hpp"
#include "toolkit/core/daily.hpp"
#include "toolkit/core/time_zone.hpp"

#include <intent/detail/job_times.hpp>
#include <intent/errors.hpp>
#include <intent/schedule.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>

namespace intent::inline v0 {

namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

seconds parsed(std::string_view time) {
    if (const auto value = toolkit::parse_time_of_day(time)) return *value;
    throw ConfigError("time of day " + text::quoted(time) + ": must be HH:MM or HH:MM:SS, from 00:00 to 23:59:59");
}

class DailyDates final : public detail::JobDates {
public:
    explicit DailyDates(DailyTime time) : time_(std::move(time)) {}
    Timestamp next_after(Timestamp time) const override { return time_.next_after(time); }

private:
    const DailyTime time_;
};

}  // namespace

TimeOfDay::TimeOfDay(std::string_view time) : time_(parsed(time)) {}

TimeOfDay::TimeOfDay(seconds since_midnight) : time_(since_midnight) {
    if (time_ < seconds(0) || time_ >= std::chrono::days(1)) {
        throw ConfigError("time of day of " + std::to_string(time_.count()) +
                          " s since midnight: must be at least 0 s and below 24 h");
    }
}

std::string TimeOfDay::text() const { return toolkit::format_time_of_day(time_); }

TimeZone::TimeZone(std::string_view name) : name_(name) {
    const auto found = toolkit::find_time_zone(name);
    if (!found.zone) throw ConfigError("time zone " + text::quoted(name) + ": " + found.error);
    rules_ = found.zone->rules();
}

void DailyTime::add(unsigned day) {
    if (day > 6) {
        throw ConfigError("daily: weekday " + std::to_string(day) +
                          ": must be one of std::chrono::Sunday to std::chrono::Saturday");
    }
    weekdays_ = static_cast<std::uint8_t>(weekdays_ | 1u << day);
}

Timestamp DailyTime::next_after(Timestamp time) const {
    // Rounded down, which changes no result: moments are whole seconds.
    const auto after = std::chrono::floor<seconds>(time);
    return toolkit::next_daily(toolkit::TimeZone(zone_.rules_), time_.since_midnight(), weekdays_, after);
}

std::string DailyTime::text() const {
    std::string text = time_.text() + " " + zone_.name();
    const char* separator = " (";
    for (std::size_t day = 0; day < day_names.size(); ++day) {
        if ((weekdays_ >> day & 1) == 0) continue;
        text += std::exchange(separator, ", ");
        text += day_names[day];
    }
    if (weekdays_ != 0) text += ')';
    return text;
}

namespace detail {

JobPlan plan_daily(DailyTime time) {
    std::string name = "daily " + time.text();
    return {std::move(name),
            std::make_shared<const JobTimes>(JobTimes{std::make_shared<const DailyDates>(std::move(time))})};
}

DailyTime parse_daily_time(std::string_view text) {
    const std::string problem = "daily: " + text::quoted(text) + " is not a time of day with a time zone";
    const auto refuse = [&] { throw ConfigError(problem); };
    const auto space = text.find(' ');
    if (space == text.npos) refuse();
    const auto zone_end = std::min(text.find(" (", space + 1), text.size());
    DailyTime time(text.substr(0, space), text.substr(space + 1, zone_end - space - 1));
    if (zone_end == text.size()) return time;
    auto rest = text.substr(zone_end + 2);
    for (;;) {
        const auto day = std::ranges::find(day_names, rest.substr(0, 3));
        if (day == day_names.end()) refuse();
        time = time.on(std::chrono::weekday(static_cast<unsigned>(day - day_names.begin())));
        rest.remove_prefix(3);
        if (rest == ")") return time;
        if (!rest.starts_with(", ")) refuse();
        rest.remove_prefix(2);
    }
}

}  // namespace detail
}  // namespace intent
