#include "client/async/event_context.hpp"
#include "client/async/scope_state.hpp"
#include "client/async/thread_context.hpp"

#include <intent/errors.hpp>
#include <intent/task.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace intent::inline v0 {

namespace {

// The contexts of the current thread, as a stack: a thread belongs to the SDK while it has a ThreadContext.
thread_local const client::ThreadContext* innermost = nullptr;
thread_local client::HandledEvent event_of_thread;

enum Phase : int { running, awaited, blocked, done_, dropped };

struct Blocked {
    std::mutex mutex;
    std::condition_variable condition;
    bool done = false;
};

}  // namespace

}  // namespace intent

namespace intent::client {

ThreadContext::ThreadContext(detail::Place place) : own_(std::move(place)), place_(&own_), outer_(innermost) {
    innermost = this;
}

ThreadContext::ThreadContext(const detail::Place* place) noexcept : place_(place), outer_(innermost) {
    innermost = this;
}

ThreadContext::~ThreadContext() { innermost = outer_; }

void ThreadContext::mark_for_good(detail::Place place) {
    thread_local std::optional<ThreadContext> mark;
    if (!mark) mark.emplace(std::move(place));
}

bool ThreadContext::here() noexcept { return innermost != nullptr; }

HandledEvent& handled_event() noexcept { return event_of_thread; }

const detail::Place& ThreadContext::place() noexcept {
    static const detail::Place none;
    return innermost ? *innermost->place_ : none;
}

}  // namespace intent::client

namespace intent::inline v0 {

Trace current_trace() noexcept { return client::trace_of(event_of_thread.context); }

Delivery current_delivery() noexcept {
    return event_of_thread.context ? event_of_thread.context->delivery : Delivery{};
}

namespace detail {

InTrace::InTrace(const Trace& trace)
    : before_(std::exchange(event_of_thread.context, client::context_of(trace, event_of_thread.context))) {}

InTrace::~InTrace() { event_of_thread.context = std::move(before_); }

TaskState::TaskState() noexcept
    : scope_(InScope::current()),
      event_name_(client::handled_event().name),
      event_seq_(client::handled_event().seq),
      context_(client::handled_event().context),
      home_(client::ThreadContext::place()) {}

void TaskState::unhandled_exception() noexcept { error_ = std::current_exception(); }

TaskState::~TaskState() {
    if (scope_) scope_->forget(*this);
}

void TaskState::adopt(const Place& home) noexcept {
    if (!home_.executor) home_ = home;
}

void TaskState::waits_for(std::shared_ptr<Wait> wait) noexcept { waits_for_ = std::move(wait); }

bool TaskState::done() const noexcept {
    return std::atomic_ref(const_cast<int&>(phase_)).load(std::memory_order_acquire) == Phase::done_;
}

bool TaskState::await(std::coroutine_handle<> waiting, TaskState* waiting_state) noexcept {
    // After the hand-over, the coroutine and this object may be destroyed at any moment.
    const auto hand_over = [&] {
        const std::atomic_ref phase(phase_);
        if (phase.load(std::memory_order_acquire) != Phase::running) return false;
        continuation_ = {waiting, waiting_state, waiting_state ? waiting_state->scope_ : nullptr};
        const Place& here = client::ThreadContext::place();
        continue_at_ = here.executor ? here : home_;
        if (waiting_state) waiting_state->adopt(continue_at_);
        int expected = Phase::running;
        return phase.compare_exchange_strong(expected, Phase::awaited, std::memory_order_acq_rel);
    };
    if (!waiting_state || !waiting_state->scope_) return hand_over();
    const auto scope = waiting_state->scope_;
    return scope->park(*waiting_state, hand_over);
}

void TaskState::wait() {
    if (client::ThreadContext::here()) {
        throw UsageError(
            "task::get(): called on a thread of the SDK, where it would wait for itself; use co_await in a coroutine "
            "handler, or call get() on a thread of your own");
    }
    const std::atomic_ref phase(phase_);
    if (phase.load(std::memory_order_acquire) != Phase::running) return;
    Blocked waiter;
    blocked_ = &waiter;
    int expected = Phase::running;
    if (!phase.compare_exchange_strong(expected, Phase::blocked, std::memory_order_acq_rel)) return;
    std::unique_lock lock(waiter.mutex);
    waiter.condition.wait(lock, [&] { return waiter.done; });
}

void TaskState::rethrow() {
    if (!done()) throw UsageError("task: already awaited; a task can be awaited once");
    if (std::exchange(taken_, true)) throw UsageError("task: its result was already taken; a task can be awaited once");
    if (!error_) return;
    error_taken_ = true;
    // Moved out, so that the exception does not live as long as the frame and is not shared with another thread.
    std::rethrow_exception(std::exchange(error_, nullptr));
}

void TaskState::moved_from() { throw UsageError("task: already awaited or moved from; a task can be awaited once"); }

void TaskState::report() noexcept {
    if (!error_ || error_taken_) return;
    const auto executor = home_.executor ? home_.executor : reporter_;
    if (!executor) return;
    if (*origin_.name == '\0') {
        origin_.name = event_name_;
        origin_.seq = event_seq_;
        origin_.quiet_cancel = true;
    }
    if (scope_ && scope_->ended()) origin_.quiet_cancel = true;
    origin_.within = event_name_;
    origin_.context = context_;
    executor->report_dropped(std::exchange(error_, nullptr), origin_);
}

void TaskState::drop() noexcept {
    // Copies: the coroutine may end, and its frame be destroyed, as soon as it is seen to be dropped.
    const auto waits_for = waits_for_;
    const auto scope = scope_;
    if (scope && !done() && scope->loosen(*this)) return;
    const int before = std::atomic_ref(phase_).exchange(Phase::dropped, std::memory_order_acq_rel);
    if (before == Phase::done_) {
        report();
        self_.destroy();
    } else if (waits_for) {
        waits_for->cancel();
    }
}

void TaskState::drop(const Origin& origin, std::shared_ptr<const void> keep,
                     std::shared_ptr<Executor> reporter) noexcept {
    origin_ = origin;
    keep_ = std::move(keep);
    reporter_ = std::move(reporter);
    drop();
}

bool TaskState::finish_dropped() noexcept {
    if (std::atomic_ref(phase_).load(std::memory_order_acquire) != Phase::dropped) return false;
    report();
    return true;
}

std::coroutine_handle<> TaskState::finish() noexcept {
    const std::atomic_ref phase(phase_);
    int before = phase.load(std::memory_order_acquire);
    for (;;) {
        if (before == Phase::awaited) {
            // Copies, made first: after the exchange, the frame that holds these members may be destroyed.
            Resumption next = continuation_;
            const Place place = continue_at_;
            if (!phase.compare_exchange_strong(before, Phase::done_, std::memory_order_acq_rel)) continue;
            const Place& here = client::ThreadContext::place();
            if (place.executor && (place.executor != here.executor || place.lane != here.lane)) {
                place.executor->resume(std::move(next), place.lane);
                return std::noop_coroutine();
            }
            if (next.may_follow()) return next.coroutine;
            next.run();
            return std::noop_coroutine();
        }
        if (phase.compare_exchange_strong(before, Phase::done_, std::memory_order_acq_rel)) break;
    }
    if (before == Phase::blocked) {
        auto& waiter = *static_cast<Blocked*>(blocked_);
        // Notified under the lock: the waiter, and with it the lock, may be destroyed as soon as it is released.
        const std::lock_guard lock(waiter.mutex);
        waiter.done = true;
        waiter.condition.notify_one();
    } else if (before == Phase::dropped) {
        report();
        self_.destroy();
    }
    return std::noop_coroutine();
}

bool Resumption::may_follow() const noexcept {
    if (scope || InScope::current()) return false;
    if (state) client::handled_event() = {state->event_name_, state->event_seq_, state->context_};
    return true;
}

void Resumption::run() noexcept {
    do {
        const InScope stretch(scope, scope ? state : nullptr);
        if (!stretch) continue;
        const client::Handling handling(
            state ? client::HandledEvent{state->event_name_, state->event_seq_, state->context_}
                  : client::HandledEvent{});
        coroutine.resume();
        return;
    } while (!scope->defer([resumption = *this, place = client::ThreadContext::place()]() mutable {
        if (place.executor) {
            place.executor->resume(std::move(resumption), place.lane);
        } else {
            resumption.run();
        }
    }));
    // If its scope has ended, the holder of its task destroys it.
}

}  // namespace detail
}  // namespace intent
