// Runs the scheduled jobs of a client on its handler threads.
#pragma once

#include "client/async/scope_state.hpp"
#include "client/dispatch/running.hpp"
#include "client/jobs/job_queue.hpp"
#include "client/metrics/metrics.hpp"

#include <intent/clock.hpp>
#include <intent/detail/job.hpp>
#include <intent/detail/job_times.hpp>
#include <intent/timestamp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace intent::client {
class Scheduler;
}

namespace intent::inline v0::detail {

/// A job. The scheduler and its runs hold it; if it belongs to a scope, so does the scope until the job has ended.
///
/// Threads: safe.
class ScheduledJob final : public Wait {
public:
    ScheduledJob(std::weak_ptr<client::Scheduler> scheduler, client::JobQueue::Id id, const JobPlan& plan,
                 JobFunction function, std::shared_ptr<ScopeState> scope)
        : scheduler_(std::move(scheduler)),
          id_(id),
          is_single_(std::holds_alternative<detail::JobDelay>(plan.times->when) ||
                     std::holds_alternative<Timestamp>(plan.times->when)),
          function_(std::move(function)),
          scope_(std::move(scope)),
          name_(std::make_shared<const std::string>(plan.name)) {}

    /// Ends the job. A scope calls this when it ends.
    void cancel() noexcept override;
    void set_name(std::string name);
    std::optional<Timestamp> next_run() const;

private:
    friend class client::Scheduler;

    const std::weak_ptr<client::Scheduler> scheduler_;
    const client::JobQueue::Id id_;
    const bool is_single_;  // its plan has one time
    const JobFunction function_;
    const std::shared_ptr<ScopeState> scope_;  // null: none
    std::shared_ptr<const std::string> name_;  // guarded by the scheduler's lock
    std::atomic<bool> is_running_ = false;
};

}  // namespace intent::detail

namespace intent::client {

/// Holds the jobs of a client from their registration until they end, through stops and restarts. They run from `begin`
/// to `end`.
///
/// One timer of the loop serves all jobs: it is armed for the next due time of the queue. A due job goes to a handler
/// thread unless its previous run has not ended.
///
/// Threads: safe.
class Scheduler : public std::enable_shared_from_this<Scheduler> {
public:
    /// `metrics`: null if nothing is collected.
    explicit Scheduler(Clock clock, std::shared_ptr<Metrics> metrics = {})
        : clock_(std::move(clock)), metrics_(std::move(metrics)) {}
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Null if the scope has ended.
    std::shared_ptr<detail::ScheduledJob> add(detail::JobPlan plan, detail::JobFunction function,
                                              std::shared_ptr<detail::ScopeState> scope);

    void begin(const std::shared_ptr<Running>& running);
    /// No job runs after this returns, but those that run continue.
    void end() noexcept;

    /// The number of jobs that have not ended.
    std::size_t size() const;

private:
    friend class detail::ScheduledJob;
    using JobPtr = std::shared_ptr<detail::ScheduledJob>;
    class Run;

    JobQueue::Moment moment() const noexcept;
    void remove(detail::ScheduledJob& job) noexcept;
    std::shared_ptr<Running> running_if_earlier();
    void request_arm(const std::shared_ptr<Running>& running);
    void arm(Running& running);
    void on_time(Running& running);

    const Clock clock_;
    const std::shared_ptr<Metrics> metrics_;
    mutable std::mutex mutex_;  // guards the rest
    std::map<JobQueue::Id, JobPtr> jobs_;
    JobQueue::Id last_id_ = 0;
    JobQueue queue_;
    std::weak_ptr<Running> running_;  // empty: not started
    std::uint64_t timer_ = 0;         // a delay of running_; used on the loop's thread
    std::optional<net::Time> armed_;  // when the timer fires, or will after the posted `arm`
};

}  // namespace intent::client
