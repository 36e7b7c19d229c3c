#include "client/place.hpp"

#include <intent/errors.hpp>
#include <intent/task.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace intent {

namespace {

// The present thread, as a stack: a thread is the SDK's while an OwnThread stands on it.
thread_local const client::OwnThread* innermost = nullptr;

enum Phase : int { running, awaited, blocked, done_, dropped };

struct Blocked {
    std::mutex mutex;
    std::condition_variable condition;
    bool done = false;
};

}  // namespace

namespace client {

OwnThread::OwnThread(detail::Place place) : place_(std::move(place)), outer_(innermost) { innermost = this; }

OwnThread::~OwnThread() { innermost = outer_; }

void OwnThread::mark_for_good(detail::Place place) {
    thread_local std::optional<OwnThread> mark;
    if (!mark) mark.emplace(std::move(place));
}

bool OwnThread::here() noexcept { return innermost != nullptr; }

const detail::Place& OwnThread::place() noexcept {
    static const detail::Place none;
    return innermost ? innermost->place_ : none;
}

}  // namespace client

namespace detail {

TaskState::TaskState() noexcept : home_(client::OwnThread::place()) {}

TaskState::~TaskState() = default;

void TaskState::adopt(const Place& home) noexcept {
    if (!home_.executor) home_ = home;
}

bool TaskState::done() const noexcept {
    return std::atomic_ref(const_cast<int&>(phase_)).load(std::memory_order_acquire) == Phase::done_;
}

bool TaskState::await(std::coroutine_handle<> waiting, TaskState* waiting_state) noexcept {
    continuation_ = waiting;
    const Place& here = client::OwnThread::place();
    continue_at_ = here.executor ? here : home_;
    if (waiting_state) waiting_state->adopt(continue_at_);
    int expected = Phase::running;
    return std::atomic_ref(phase_).compare_exchange_strong(expected, Phase::awaited, std::memory_order_acq_rel);
}

void TaskState::wait() {
    if (client::OwnThread::here()) {
        throw UsageError(
            "task::get(): called on a thread of the SDK, where it would wait for itself; use co_await in a coroutine "
            "handler, or call get() on a thread of your own");
    }
    Blocked waiter;
    blocked_ = &waiter;
    int expected = Phase::running;
    if (!std::atomic_ref(phase_).compare_exchange_strong(expected, Phase::blocked, std::memory_order_acq_rel)) return;
    std::unique_lock lock(waiter.mutex);
    waiter.condition.wait(lock, [&] { return waiter.done; });
}

void TaskState::rethrow() {
    if (!error_) return;
    error_taken_ = true;
    // Moved out, so that the exception does not live as long as the frame, and is not shared with another thread.
    std::rethrow_exception(std::exchange(error_, nullptr));
}

void TaskState::report() noexcept {
    if (error_ && !error_taken_ && home_.executor)
        home_.executor->report_dropped(std::exchange(error_, nullptr), origin_);
}

void TaskState::drop() noexcept {
    const int before = std::atomic_ref(phase_).exchange(Phase::dropped, std::memory_order_acq_rel);
    if (before != Phase::done_) return;
    report();
    self_.destroy();
}

void TaskState::drop(const Origin& origin, std::shared_ptr<const void> keep) noexcept {
    origin_ = origin;
    keep_ = std::move(keep);
    drop();
}

bool TaskState::finish_dropped() noexcept {
    if (std::atomic_ref(phase_).load(std::memory_order_acquire) != Phase::dropped) return false;
    report();
    return true;
}

std::coroutine_handle<> TaskState::finish() noexcept {
    switch (std::atomic_ref(phase_).exchange(Phase::done_, std::memory_order_acq_rel)) {
        case Phase::awaited: {
            // From the resumption on the frame that holds these members may be gone.
            const auto continuation = continuation_;
            const Place place = std::move(continue_at_);
            const Place& here = client::OwnThread::place();
            if (!place.executor || (place.executor == here.executor && place.lane == here.lane)) return continuation;
            place.executor->resume(continuation, place.lane);
            break;
        }
        case Phase::blocked: {
            auto& waiter = *static_cast<Blocked*>(blocked_);
            // Notified under the lock: the waiter, and with it the lock, goes as soon as it may.
            const std::lock_guard lock(waiter.mutex);
            waiter.done = true;
            waiter.condition.notify_one();
            break;
        }
        case Phase::dropped:
            report();
            self_.destroy();
            break;
        default:
            break;
    }
    return std::noop_coroutine();
}

}  // namespace detail
}  // namespace intent
