// Jobs that run at certain times: `Client::every`, `daily`, `at` and `after`, and those of Scope.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/job.hpp>
#include <intent/timestamp.hpp>

#include <compare>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

namespace detail {

/// std::chrono::weekday. By its members, because it is part of the calendar, which costs too much to include here.
template <class T>
concept Weekday = requires(const T& day) {
    { day.c_encoding() } -> std::same_as<unsigned>;
    { day.iso_encoding() } -> std::same_as<unsigned>;
};

}  // namespace detail

/// A scheduled job. Destroying it changes nothing; `cancel()` ends the job.
///
/// Lifetime: valid after the job, its scope and the client have ended. Threads: safe.
class INTENT_API Job {
public:
    /// No job.
    Job() = default;

    /// Names the job for errors: `ErrorEvent::where` of the following runs. The default describes its times: "every
    /// 5m".
    Job& named(std::string name) &;
    Job&& named(std::string name) && { return std::move(named(std::move(name))); }

    /// Ends the job: it does not run after this returns, but a run that has begun continues. It may be called from
    /// inside the job, and any number of times.
    void cancel();

    /// The time of the next regular run, by `Client::clock`. Unset if there is none: before the client has started,
    /// after it has stopped, and after the job has ended. A time at which the job is still running is skipped.
    std::optional<Timestamp> next_run() const;

private:
    friend class Client;
    friend class Scope;
    explicit Job(std::weak_ptr<detail::ScheduledJob> job) noexcept : job_(std::move(job)) {}
    std::weak_ptr<detail::ScheduledJob> job_ = {};
};

/// A time of day on a clock, such as 09:30. A command takes it as an argument (docs/commands.md).
class INTENT_API TimeOfDay {
public:
    /// Midnight.
    constexpr TimeOfDay() = default;

    /// "09:30", "9:30" or "09:30:15", from "00:00" to "23:59:59".
    ///
    /// Errors: ConfigError for anything else.
    explicit TimeOfDay(std::string_view time);

    /// The same with the time since midnight: `TimeOfDay(9h + 30min)`.
    ///
    /// Errors: ConfigError unless it is at least 0 s and below 24 h.
    explicit TimeOfDay(std::chrono::seconds since_midnight);

    /// At least 0 s and below 24 h.
    constexpr std::chrono::seconds since_midnight() const noexcept { return time_; }

    /// "09:30", with seconds only if they are not zero.
    std::string text() const;

    friend auto operator<=>(TimeOfDay, TimeOfDay) = default;

private:
    std::chrono::seconds time_{};
};

/// A time zone of the system's database. A command takes it as an argument (docs/commands.md).
class INTENT_API TimeZone {
public:
    /// UTC.
    TimeZone() = default;

    /// `name`: as in the IANA time zone database, such as "Europe/Berlin", or "UTC".
    ///
    /// Errors: ConfigError for an unknown zone, and for any zone but UTC if the system has no time zone database
    /// (package tzdata). Cost: the first use of a zone reads a file.
    explicit TimeZone(std::string_view name);

    /// The name in the database, or "UTC".
    const std::string& name() const noexcept { return name_; }

    /// Whether both have the same name.
    friend bool operator==(const TimeZone& a, const TimeZone& b) noexcept { return a.name_ == b.name_; }

private:
    friend class DailyTime;
    std::string name_ = "UTC";
    const void* rules_ = nullptr;  // in the database; null: UTC
};

/// A time of day in a time zone, on every day or on some weekdays:
///
///     client.daily(intent::DailyTime("09:30", "Europe/Berlin").on(std::chrono::Monday, std::chrono::Friday), report);
///
/// There is exactly one such time on each day, also when the clocks change. A time of day that does not exist on that
/// day, because the clocks go forward, is the moment of the change. One that exists twice, because they go back, is the
/// first of the two.
class INTENT_API DailyTime {
public:
    /// Midnight in UTC.
    DailyTime() = default;

    /// Every day at `time` in `zone`.
    DailyTime(TimeOfDay time, TimeZone zone) : time_(time), zone_(std::move(zone)) {}

    /// Errors: those of TimeOfDay and TimeZone. Cost: that of TimeZone.
    DailyTime(std::string_view time, std::string_view zone) : DailyTime(TimeOfDay(time), TimeZone(zone)) {}

    /// The same with the time since midnight, below 24 h: `DailyTime(9h + 30min, "Europe/Berlin")`.
    DailyTime(std::chrono::seconds since_midnight, std::string_view zone)
        : DailyTime(TimeOfDay(since_midnight), TimeZone(zone)) {}

    /// The same time on these weekdays only (`std::chrono::weekday`, of `<chrono>`). A second call adds to the first.
    ///
    /// Errors: ConfigError for an invalid weekday.
    template <detail::Weekday... Days>
    DailyTime on(Days... days) const {
        static_assert(sizeof...(days) > 0, "intent: on takes weekdays: on(std::chrono::Monday, std::chrono::Friday)");
        DailyTime time = *this;
        (time.add(days.c_encoding()), ...);
        return time;
    }

    /// The first such time after `time`. Use it to advance a test to a job: `clock.advance_to(…)`.
    Timestamp next_after(Timestamp time) const;

    /// "09:30 Europe/Berlin", with seconds only if they are not zero, and with weekdays if there are any: "09:30
    /// Europe/Berlin (Mon, Fri)".
    std::string text() const;

    friend bool operator==(const DailyTime&, const DailyTime&) = default;

private:
    void add(unsigned day);

    TimeOfDay time_ = {};
    TimeZone zone_ = {};
    std::uint8_t weekdays_ = 0;  // a bit for each, Sunday first; 0: all
};

namespace detail {
/// Without weekdays, every day.
INTENT_API JobPlan plan_daily(DailyTime time);
/// Reads what `DailyTime::text` writes. Errors: ConfigError for anything else and for an unknown zone.
INTENT_API DailyTime parse_daily_time(std::string_view text);
}  // namespace detail

}  // namespace intent
