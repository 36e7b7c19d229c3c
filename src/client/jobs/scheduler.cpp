#include "client/jobs/scheduler.hpp"

#include <intent/schedule.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace intent::client {

/// A run of a job, held by whatever carries it out: the work for the handler thread, then the coroutine.
class Scheduler::Run {
public:
    Run(std::weak_ptr<Scheduler> scheduler, JobPtr job, std::shared_ptr<Lanes> lanes)
        : scheduler_(std::move(scheduler)), job_(std::move(job)), lanes_(std::move(lanes)) {}
    ~Run() { job_->is_running_ = false; }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Calls the job's function, on a handler thread.
    static void start(const std::shared_ptr<Run>& self) {
        const detail::InScope stretch(self->job_->scope_);
        const Handling no_event(HandledEvent{});
        if (!stretch) {
            // Ended, or held: then the job runs as soon as the scope begins.
            if (!self->job_->scope_->defer([self] { post(self); })) post(self);
            return;
        }
        if (!self->begin()) return;
        detail::Origin origin{self->name_->c_str(), 0};
        try {
            if (auto work = self->job_->function_.start()) std::move(*work).detach(origin, self, self->lanes_);
        } catch (...) {
            origin.quiet_cancel = self->job_->scope_ && self->job_->scope_->ended();
            self->lanes_->report_dropped(std::current_exception(), origin);
        }
    }

    /// A job has one lane, where its coroutines continue.
    static void post(std::shared_ptr<Run> self) {
        const auto lanes = self->lanes_;
        const auto lane = static_cast<unsigned>(self->job_->id_);
        lanes->post([self = std::move(self)] { start(self); }, lane);
    }

private:
    /// Returns false if the job has ended, or the client has stopped, since the job was due.
    bool begin() {
        const auto scheduler = scheduler_.lock();
        if (!scheduler) return false;
        {
            const std::lock_guard lock(scheduler->mutex_);
            const auto running = scheduler->running_.lock();
            if (!running || running->lanes() != lanes_ || !scheduler->jobs_.contains(job_->id_)) return false;
            name_ = job_->name_;
        }
        if (scheduler->metrics_) scheduler->metrics_->job_runs.add();
        if (job_->is_single_) scheduler->remove(*job_);
        return true;
    }

    const std::weak_ptr<Scheduler> scheduler_;  // weak: a coroutine can outlive the client
    const JobPtr job_;
    const std::shared_ptr<Lanes> lanes_;
    std::shared_ptr<const std::string> name_ = {};  // of this run: the job can be renamed meanwhile
};

Scheduler::~Scheduler() {
    for (const auto& [id, job] : jobs_)
        if (job->scope_) job->scope_->remove(*job);
}

JobQueue::Moment Scheduler::moment() const noexcept { return {clock_.now(), clock_.wall_time()}; }

Scheduler::JobPtr Scheduler::add(detail::JobPlan plan, detail::JobFunction function,
                                 std::shared_ptr<detail::ScopeState> scope) {
    JobPtr job;
    std::shared_ptr<Running> running;
    {
        const std::lock_guard lock(mutex_);
        job = std::make_shared<detail::ScheduledJob>(weak_from_this(), ++last_id_, plan, std::move(function),
                                                     std::move(scope));
        jobs_.emplace(job->id_, job);
        queue_.add(job->id_, plan.times->when, moment());
        running = running_if_earlier();
    }
    if (running) request_arm(running);
    // After the job is in the list: the scope may end at any moment and then removes it.
    if (job->scope_ && !job->scope_->add(job)) {
        remove(*job);
        return nullptr;
    }
    return job;
}

void Scheduler::remove(detail::ScheduledJob& job) noexcept {
    JobPtr removed;  // destroyed without the lock: its function is the bot's
    {
        const std::lock_guard lock(mutex_);
        const auto found = jobs_.find(job.id_);
        if (found == jobs_.end()) return;
        removed = std::move(found->second);
        jobs_.erase(found);
        queue_.remove(job.id_);
    }
    if (removed->scope_) removed->scope_->remove(*removed);
}

void Scheduler::begin(const std::shared_ptr<Running>& running) {
    {
        const std::lock_guard lock(mutex_);
        running_ = running;
        timer_ = 0;
        armed_.reset();
        queue_.start(moment());
        if (!running_if_earlier()) return;
    }
    request_arm(running);
}

void Scheduler::end() noexcept {
    const std::lock_guard lock(mutex_);
    running_.reset();
    queue_.stop();
}

std::size_t Scheduler::size() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

/// With the lock held. Returns where to arm the timer, if it must fire earlier than before.
std::shared_ptr<Running> Scheduler::running_if_earlier() {
    const auto next = queue_.next_wake(moment());
    if (!next || (armed_ && *armed_ <= *next)) return nullptr;
    armed_ = next;
    return running_.lock();
}

void Scheduler::request_arm(const std::shared_ptr<Running>& running) {
    running->loop().post([self = shared_from_this(), &running = *running] { self->arm(running); });
}

/// On the loop's thread, like the next.
void Scheduler::arm(Running& running) {
    std::optional<net::Time> next;
    {
        const std::lock_guard lock(mutex_);
        if (running_.lock().get() != &running) return;
        next = queue_.next_wake(moment());
        armed_ = next;
    }
    running.end_delay(std::exchange(timer_, 0));
    if (!next) return;
    timer_ = running.at(*next, [self = shared_from_this(), &running](bool cancelled) {
        if (!cancelled) self->on_time(running);
    });
}

void Scheduler::on_time(Running& running) {
    std::vector<std::shared_ptr<Run>> runs;
    {
        const std::lock_guard lock(mutex_);
        if (running_.lock().get() != &running) return;
        for (const auto id : queue_.take_due(moment())) {
            const JobPtr& job = jobs_.at(id);
            if (job->is_running_.exchange(true)) {  // this time is skipped
                if (metrics_) metrics_->job_skips.add();
                continue;
            }
            runs.push_back(std::make_shared<Run>(weak_from_this(), job, running.lanes()));
        }
    }
    for (auto& run : runs)
        Run::post(std::move(run));
    arm(running);
}

}  // namespace intent::client

namespace intent::inline v0 {

namespace detail {

void ScheduledJob::cancel() noexcept {
    if (const auto scheduler = scheduler_.lock()) scheduler->remove(*this);
}

void ScheduledJob::set_name(std::string name) {
    const auto scheduler = scheduler_.lock();
    if (!scheduler) return;
    auto next = std::make_shared<const std::string>(std::move(name));
    const std::lock_guard lock(scheduler->mutex_);
    name_.swap(next);
}

std::optional<Timestamp> ScheduledJob::next_run() const {
    const auto scheduler = scheduler_.lock();
    if (!scheduler) return std::nullopt;
    const std::lock_guard lock(scheduler->mutex_);
    return scheduler->queue_.next_time(id_, scheduler->moment());
}

}  // namespace detail

Job& Job::named(std::string name) & {
    if (const auto job = job_.lock()) job->set_name(std::move(name));
    return *this;
}

void Job::cancel() {
    if (const auto job = job_.lock()) job->cancel();
}

std::optional<Timestamp> Job::next_run() const {
    const auto job = job_.lock();
    return job ? job->next_run() : std::nullopt;
}

}  // namespace intent
