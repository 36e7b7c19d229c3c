// Jobs that run at certain times: `Client::every`, `daily` and `at`, and those of Scope.
#pragma once

#include <intent/detail/job.hpp>
#include <intent/timestamp.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent {

/// A scheduled job. Destroying it changes nothing; `cancel()` ends the job.
///
/// Lifetime: valid after the job, its scope and the client have ended. Threads: safe.
class Job {
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

/// A time of day in a time zone, on every day or on some weekdays:
///
///     client.daily(intent::DailyTime("09:30", "Europe/Berlin").on(std::chrono::Monday, std::chrono::Friday), report);
///
/// There is exactly one such time on each day, also when the clocks change. A time of day that does not exist on that
/// day, because the clocks go forward, is the moment of the change. One that exists twice, because they go back, is the
/// first of the two.
class DailyTime {
public:
    /// `time`: "09:30" or "09:30:15", from "00:00" to "23:59:59". `zone`: a name of the IANA time zone database, such
    /// as "Europe/Berlin", or "UTC".
    ///
    /// Errors: ConfigError for a malformed time or an unknown zone, and for any zone but UTC if the system has no time
    /// zone database (package tzdata). Cost: the first use of a zone reads a file.
    DailyTime(std::string_view time, std::string_view zone);

    /// The same with the time since midnight, below 24 h: `DailyTime(9h + 30min, "Europe/Berlin")`.
    DailyTime(std::chrono::seconds since_midnight, std::string_view zone);

    /// The same time on these weekdays only. A second call adds to the first.
    ///
    /// Errors: ConfigError for an invalid weekday.
    template <std::same_as<std::chrono::weekday>... Days>
    DailyTime on(Days... days) const {
        static_assert(sizeof...(days) > 0, "intent: on takes weekdays: on(std::chrono::Monday, std::chrono::Friday)");
        DailyTime time = *this;
        (time.add(days), ...);
        return time;
    }

    /// The first such time after `time`. Use it to advance a test to a job: `clock.advance_to(…)`.
    Timestamp next_after(Timestamp time) const;

    /// "09:30 Europe/Berlin", with seconds only if they are not zero, and with weekdays if there are any: "09:30
    /// Europe/Berlin (Mon, Fri)".
    std::string text() const;

private:
    void add(std::chrono::weekday day);

    std::chrono::seconds time_;
    std::string zone_;
    const void* rules_ = nullptr;  // of the zone, in the database; null: UTC
    std::uint8_t weekdays_ = 0;    // a bit for each, Sunday first; 0: all
};

namespace detail {
/// Without weekdays, every day.
JobPlan plan_daily(DailyTime time);
}  // namespace detail

}  // namespace intent
