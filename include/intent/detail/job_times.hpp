// When a job runs. Apart from job.hpp, because only the library reads it.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/timestamp.hpp>

#include <memory>
#include <variant>

namespace intent::inline v0::detail {

/// The dates of a job that depends on the calendar.
class INTENT_API JobDates {
public:
    virtual ~JobDates() = default;
    /// The first date after this one.
    virtual Timestamp next_after(Timestamp time) const = 0;
};

/// A single run, this long after the job was added, or after the start of the client if that is later.
struct JobDelay {
    std::chrono::milliseconds time;
};

/// At regular intervals, once, or by the calendar.
struct JobTimes {
    std::variant<std::chrono::milliseconds, JobDelay, Timestamp, std::shared_ptr<const JobDates>> when;
};

}  // namespace intent::detail
