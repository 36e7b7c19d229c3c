// When each scheduled job of a client is due.
#pragma once

#include "net/clock.hpp"

#include <intent/detail/job_times.hpp>
#include <intent/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace intent::client {

/// The schedule of a client's jobs, as a machine: it gets the time and returns which jobs are due.
///
/// How to drive it: `start` plans the jobs of the queue and of later `add`s; call `take_due` at `next_wake`, which may
/// change with every other call. Early and extra calls of `take_due` return nothing. `stop` unplans all jobs.
///
/// Periods and delays are measured by the steady clock, dates by the wall clock, which may be set and which runs on
/// while the computer is suspended. So `next_wake` is at most `max_wait` away if there are dates, and a date that has
/// passed meanwhile is due then. A job whose time has passed several times is due once.
///
/// Cost: logarithmic in the number of jobs.
class JobQueue {
public:
    using Id = std::uint64_t;
    using Times = decltype(detail::JobTimes::when);

    /// The same moment on both clocks.
    struct Moment {
        net::Time steady;
        Timestamp wall;
    };

    static constexpr std::chrono::minutes max_wait{10};

    void start(Moment now);
    void stop();

    /// Simultaneous jobs are due in the order of their ids.
    void add(Id id, Times times, Moment now);
    void remove(Id id);

    /// Returns the due jobs, the earliest first, and plans their next times. A job with a single time has no further
    /// one, but stays in the queue until it is removed: a later `start` plans it again.
    std::vector<Id> take_due(Moment now);

    std::optional<net::Time> next_wake(Moment now) const;

    /// The job's time, which may have passed if it is due. Unset if it has none.
    std::optional<Timestamp> next_time(Id id, Moment now) const;

private:
    struct Entry {
        Times times;
        std::optional<net::Time> steady = {};    // its place in the order of the steady clock ...
        std::optional<Timestamp> wall = {};      // ... or in that of the wall clock
        std::optional<net::Time> deadline = {};  // when a delay ends, from the first `start` on
    };

    void plan(Id id, Entry& entry, Moment now);
    void unplan(Id id, Entry& entry);

    std::map<Id, Entry> entries_;
    std::map<std::pair<net::Time, Id>, Entry*> by_steady_;
    std::map<std::pair<Timestamp, Id>, Entry*> by_wall_;
    bool started_ = false;
};

}  // namespace intent::client
