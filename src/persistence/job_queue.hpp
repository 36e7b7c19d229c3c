// Which persistent jobs run, which wait for another attempt, and when to look again.
#pragma once

#include "persistence/store.hpp"

#include <intent/detail/stored_jobs.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace intent::persistence {

// The table of jobs. Errors: SqliteError.
std::int64_t add_job(Store& store, const std::string& queue, Timestamp due, const std::string& payload);
bool remove_job(Store& store, const std::string& queue, std::int64_t id);
std::vector<detail::StoredJob> all_jobs(Store& store, const std::string& queue);
/// The jobs that are due, the oldest first.
std::vector<detail::StoredJob> due_jobs(Store& store, const std::string& queue, Timestamp now, std::size_t most);
/// When the first job after `now` is due.
std::optional<Timestamp> next_job(Store& store, const std::string& queue, Timestamp now);

/// A machine. Drive it so: `start` the jobs that are due, and report the end of each; `expect` moments; after either,
/// begin the sleep that `next_sleep` returns. When it ends, call `end_sleep` and look for due jobs again.
class JobQueue {
public:
    static constexpr std::size_t max_running = 8;
    static constexpr std::chrono::minutes first_retry{1};
    static constexpr std::chrono::minutes last_retry{60};

    /// How many due jobs `start` needs to see, so that those that it skips hide no others.
    std::size_t wanted() const noexcept { return running_.size() + retries_.size() + max_running; }

    /// Chooses those to start now; the others wait for the end of a running one, or for their retry.
    std::vector<detail::StoredJob> start(std::vector<detail::StoredJob> due, Timestamp now);

    /// A running job has ended: it is done and removed; or it failed at `now` and gets another attempt; or it is done
    /// but could not be removed, and must not run again in this process.
    void finish(std::int64_t id);
    void fail(std::int64_t id, Timestamp now);
    void put_aside(std::int64_t id);

    /// A job was removed before its time.
    void forget(std::int64_t id) { retries_.erase(id); }

    /// A job is due at `time`.
    void expect(std::optional<Timestamp> time);

    /// The moment to sleep until; unset if there is none, or if a sleep that was returned before ends by then.
    std::optional<Timestamp> next_sleep(Timestamp now);
    void end_sleep(Timestamp wake);

private:
    struct Retry {
        Timestamp at{};
        std::chrono::minutes delay{};
    };

    std::set<std::int64_t> running_;
    std::map<std::int64_t, Retry> retries_;  // of jobs that have failed, until they are done
    std::optional<Timestamp> expected_;
    std::multiset<Timestamp> sleeps_;
};

}  // namespace intent::persistence
