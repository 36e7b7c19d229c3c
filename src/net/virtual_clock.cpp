#include "net/virtual_clock.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>
#include <vector>

namespace intent::net {

namespace {

// The clock that this thread is advancing, whose lock it holds.
thread_local const VirtualClock* advancing_here = nullptr;

class Advancing {
public:
    explicit Advancing(const VirtualClock* clock) noexcept : outer_(std::exchange(advancing_here, clock)) {}
    ~Advancing() { advancing_here = outer_; }
    Advancing(const Advancing&) = delete;
    Advancing& operator=(const Advancing&) = delete;

private:
    const VirtualClock* outer_;
};

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

VirtualClock::VirtualClock(std::chrono::system_clock::time_point wall) : wall_(wall) {}

std::chrono::system_clock::time_point VirtualClock::system_now() const noexcept {
    return wall_ + std::chrono::duration_cast<std::chrono::system_clock::duration>(elapsed());
}

std::uint64_t VirtualClock::next_seed() noexcept {
    return (++last_seed_) * 0x9e3779b97f4a7c15;  // spreads the counter over all bits
}

void VirtualClock::begin(Work kind, std::size_t count) noexcept {
    of_kind_[static_cast<std::size_t>(kind)] += count;
    work_ += count;
}

void VirtualClock::end(Work kind, std::size_t count) {
    if (count == 0) return;
    of_kind_[static_cast<std::size_t>(kind)] -= count;
    ++progress_;
    if (work_.fetch_sub(count) == count && advancing_here != this) run_while_idle();
}

std::string VirtualClock::busy() const {
    const auto count = [&](Work kind) { return of_kind_[static_cast<std::size_t>(kind)].load(); };
    std::string text;
    const auto add = [&](Work kind, const char* one, const char* many) {
        if (count(kind) > 0) text += (text.empty() ? "" : ", ") + counted(count(kind), one, many);
    };
    add(Work::handler, "event or coroutine in a handler", "events or coroutines in handlers");
    add(Work::request, "request without an answer", "requests without an answer");
    add(Work::connection, "message or close on its way, or connection being opened",
        "messages or closes on their way, or connections being opened");
    add(Work::call, "call on a loop's thread", "calls on a loop's thread");
    return text;
}

void VirtualClock::add(std::uint64_t number, std::weak_ptr<Transit> transit) {
    const std::lock_guard lock(mutex_);
    transits_.emplace(number, std::move(transit));
}

std::shared_ptr<Transit> VirtualClock::transit(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = transits_.find(number);
    return found == transits_.end() ? nullptr : found->second.lock();
}

void VirtualClock::remove_transit(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    transits_.erase(number);
}

VirtualClock::AlarmId VirtualClock::set_alarm(Time when, std::uint64_t user, std::shared_ptr<Alarm> alarm,
                                              std::uint64_t armed) {
    const std::lock_guard lock(mutex_);
    const AlarmId id(when, user, ++last_alarm_);
    if (when > now()) {
        alarms_.emplace(id, Ringing{std::move(alarm), armed});
    } else {
        const Advancing mark(this);
        alarm->ring(armed);
    }
    return id;
}

void VirtualClock::remove_alarm(const AlarmId& id) {
    std::map<AlarmId, Ringing>::node_type removed;  // destroyed without the lock
    const std::lock_guard lock(mutex_);
    removed = alarms_.extract(id);
}

std::uint64_t VirtualClock::advance(Duration step, std::function<void()> done) {
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = ++last_advance_;
        advances_.push_back({.id = id, .step = step, .done = std::move(done)});
    }
    run_while_idle();
    return id;
}

bool VirtualClock::abandon(std::uint64_t advance) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(advances_, [&](const Advance& one) { return one.id == advance; }) > 0;
}

// Only one thread at a time rings: the lock is held, and whatever rings counts as work before it is released.
void VirtualClock::run_while_idle() {
    std::vector<std::function<void()>> done;
    {
        const std::lock_guard lock(mutex_);
        const Advancing mark(this);
        while (!advances_.empty() && work_ == 0) {
            Advance& current = advances_.front();
            if (!current.target) current.target = now() + current.step;
            const auto next = alarms_.begin();
            if (next != alarms_.end() && std::get<Time>(next->first) <= *current.target) {
                elapsed_ = std::max(elapsed(), std::get<Time>(next->first) - begin_).count();
                const auto ringing = alarms_.extract(next);
                ringing.mapped().alarm->ring(ringing.mapped().armed);
                ++progress_;
            } else {
                elapsed_ = std::max(elapsed(), *current.target - begin_).count();
                done.push_back(std::move(current.done));
                advances_.pop_front();
            }
        }
    }
    for (const auto& call : done)
        call();
}

std::optional<std::string> VirtualClock::advance_and_wait(Duration step, Duration patience) {
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false;
    };
    const auto state = std::make_shared<State>();
    const std::uint64_t id = advance(step, [state] {
        const std::lock_guard lock(state->mutex);
        state->done = true;
        state->changed.notify_all();
    });
    for (auto seen = progress_.load();;) {
        std::unique_lock lock(state->mutex);
        if (state->changed.wait_for(lock, patience, [&] { return state->done; })) return std::nullopt;
        lock.unlock();
        if (const auto current = progress_.load(); current != std::exchange(seen, current)) continue;
        std::string text = busy();
        if (abandon(id)) return text;
    }
}

void WorkGroup::begin(std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (!open_) return;
    count_ += count;
    clock_->begin(kind_, count);
}

void WorkGroup::end(std::size_t count) {
    {
        const std::lock_guard lock(mutex_);
        if (!open_) return;
        count_ -= count;
    }
    clock_->end(kind_, count);
}

void WorkGroup::close() {
    std::size_t left = 0;
    {
        const std::lock_guard lock(mutex_);
        open_ = false;
        left = std::exchange(count_, 0);
    }
    clock_->end(kind_, left);
}

}  // namespace intent::net

namespace intent::inline v0 {

Clock::Clock(std::shared_ptr<net::VirtualClock> clock) noexcept : virtual_(std::move(clock)) {}

std::chrono::steady_clock::time_point Clock::now() const noexcept { return virtual_ ? virtual_->now() : net::now(); }

Timestamp Clock::wall_time() const noexcept {
    return std::chrono::floor<std::chrono::microseconds>(virtual_ ? virtual_->system_now() : net::system_now());
}

}  // namespace intent
