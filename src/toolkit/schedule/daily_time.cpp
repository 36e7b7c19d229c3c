#include "text/display.hpp"
#include "toolkit/core/daily.hpp"
#include "toolkit/core/time_zone.hpp"

#include <intent/errors.hpp>
#include <intent/schedule.hpp>

#include <array>
#include <utility>

namespace intent {

namespace {

using std::chrono::seconds;

constexpr std::array<const char*, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::size_t quoted_length = 64;  // more than any name of a zone

std::string in_quotes(std::string_view text) {
    return '"' + text::display(text.substr(0, quoted_length)) + (text.size() > quoted_length ? "…\"" : "\"");
}

seconds parsed(std::string_view time) {
    if (const auto value = toolkit::parse_time_of_day(time)) return *value;
    throw ConfigError("daily: time " + in_quotes(time) + ": must be HH:MM or HH:MM:SS, from 00:00 to 23:59:59");
}

class DailyDates final : public detail::JobDates {
public:
    explicit DailyDates(DailyTime time) : time_(std::move(time)) {}
    Timestamp next_after(Timestamp time) const override { return time_.next_after(time); }

private:
    const DailyTime time_;
};

}  // namespace

DailyTime::DailyTime(std::string_view time, std::string_view zone) : DailyTime(parsed(time), zone) {}

DailyTime::DailyTime(seconds since_midnight, std::string_view zone) : time_(since_midnight), zone_(zone) {
    if (time_ < seconds(0) || time_ >= std::chrono::days(1)) {
        throw ConfigError("daily: time of " + std::to_string(time_.count()) +
                          " s since midnight: must be at least 0 s and below 24 h");
    }
    const auto found = toolkit::find_time_zone(zone);
    if (!found.zone) throw ConfigError("daily: time zone " + in_quotes(zone) + ": " + found.error);
    rules_ = found.zone->rules();
}

void DailyTime::add(std::chrono::weekday day) {
    if (!day.ok()) {
        throw ConfigError("daily: weekday " + std::to_string(day.c_encoding()) +
                          ": must be one of std::chrono::Sunday to std::chrono::Saturday");
    }
    weekdays_ = static_cast<std::uint8_t>(weekdays_ | 1u << day.c_encoding());
}

Timestamp DailyTime::next_after(Timestamp time) const {
    // Rounded down, which changes no result: moments are whole seconds.
    return toolkit::next_daily(toolkit::TimeZone(rules_), time_, weekdays_, std::chrono::floor<seconds>(time));
}

std::string DailyTime::text() const {
    std::string text = toolkit::format_time_of_day(time_) + " " + zone_;
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
    return {std::move(name), std::make_shared<const DailyDates>(std::move(time))};
}

}  // namespace detail
}  // namespace intent
