// The state that a Scope shares with its handlers, coroutines and waits, and the event of the current code.
#pragma once

#include "client/async/handler_list.hpp"

#include <intent/scope.hpp>
#include <intent/task.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace intent::inline v0::detail {

/// A wait of a coroutine (for an event or a delay) that can be cancelled.
class Wait {
public:
    virtual ~Wait() = default;

    /// Ends the wait with a CancelledError, in this call or soon. No effect if it has ended. Threads: any.
    virtual void cancel() noexcept = 0;

private:
    friend class ScopeState;
    std::list<std::shared_ptr<Wait>>::iterator place_ = {};  // in the scope's list, while it is `listed_` there
    bool listed_ = false;
};

/// Code of a scope runs in stretches: a handler up to its end or its first wait, a coroutine from one wait to the next.
/// Each stretch enters and leaves. After the end no stretch begins. `end` waits for the stretches on other threads,
/// cancels the waits, and destroys the coroutines that are suspended on a task and held only by the scope.
///
/// Threads: safe.
class ScopeState {
public:
    /// Returns false if the scope has ended. `resumed`: the coroutine that is about to continue.
    bool enter(TaskState* resumed) noexcept;
    void leave() noexcept;

    bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

    /// May be called any number of times, also from one of its own stretches.
    void end() noexcept;
    /// Ends the scope without waiting for its stretches: each continues up to its end or its next wait. When none is
    /// left (in this call, or when the last one leaves, on its thread), the suspended coroutines are destroyed, the
    /// waits are cancelled, and then `kept` is destroyed. It is not null. Call it once.
    void end_soon(std::shared_ptr<void> kept) noexcept;

    /// Until `begin`, only the calling thread runs code of the scope: its handlers take no events, its predicates match
    /// nothing, and a coroutine that is resumed on another thread continues after `begin`.
    void hold() noexcept;
    void begin() noexcept;
    /// For code that could not enter. Returns false if it may enter now; otherwise `begin` calls `later`, unless the
    /// scope ends before.
    bool defer(std::function<void()> later);

    /// Returns false if the scope has ended. The wait is held until `remove`.
    bool add(const std::shared_ptr<Wait>& wait);
    void remove(Wait& wait) noexcept;

    /// Adds an inactive handler. It is activated now, or by `begin`, and removed from the list when the scope ends; at
    /// once if it has ended.
    void add(const std::weak_ptr<client::HandlerList>& list, std::size_t event, std::uint64_t id);

    // For TaskState.

    /// The coroutine is about to be suspended on a task. `hand_over` passes it to that task and returns false if it
    /// must continue at once. Returns true if it is suspended; it may never continue and may already be destroyed.
    template <class HandOver>
    bool park(TaskState& state, HandOver hand_over) noexcept {
        std::unique_lock lock(mutex_);
        state.parked_ = true;
        if (ended()) {
            if (!state.loose_ || kept_) return true;  // the holder of its task, or `clear`, destroys it
            unlist(state);
            lock.unlock();
            state.self_.destroy();
            return true;
        }
        if (hand_over()) return true;
        state.parked_ = false;
        return false;
    }
    /// Its task was dropped. Returns true if the scope has ended and the coroutine was destroyed.
    bool loosen(TaskState& state) noexcept;
    void forget(TaskState& state) noexcept;

private:
    void clear(std::unique_lock<std::mutex> lock) noexcept;
    void clear_if_left(std::unique_lock<std::mutex> lock) noexcept;
    bool admits_this_thread() const noexcept {
        return builder_ == std::thread::id() || builder_ == std::this_thread::get_id();
    }
    void unlist(TaskState& state) noexcept;

    std::mutex mutex_;
    std::condition_variable left_;
    std::atomic<bool> ended_ = false;
    std::size_t running_ = 0;
    TaskState* loose_ = nullptr;  // the coroutines held only by the scope
    std::list<std::shared_ptr<Wait>> waits_;
    std::weak_ptr<client::HandlerList> handlers_;  // contains the subscriptions
    std::vector<std::pair<std::size_t, std::uint64_t>> subscriptions_;
    std::size_t subscriptions_before_prune_ = 64;
    std::size_t ending_ = 0;      // stretches that have called `end`
    std::shared_ptr<void> kept_;  // from `end_soon` until no stretch is left
    std::thread::id builder_;     // while the scope is held
    std::vector<std::function<void()>> deferred_;
};

}  // namespace intent::detail

namespace intent::client {

/// The event of the handler that runs on this thread, and its context; the name is empty if no handler runs.
struct HandledEvent {
    const char* name = "";
    std::uint64_t seq = 0;
    std::shared_ptr<const detail::EventContext> context = {};
    const std::shared_ptr<detail::PendingDispatch>* pending = nullptr;  ///< not in a coroutine that was resumed
};

HandledEvent& handled_event() noexcept;

/// A scope guard that sets the event.
class Handling {
public:
    explicit Handling(HandledEvent event) noexcept
        : here_(handled_event()), before_(std::exchange(here_, std::move(event))) {}
    /// `origin` must outlive the guard.
    explicit Handling(const detail::Origin& origin) noexcept
        : Handling(HandledEvent{origin.name, origin.seq, origin.context, &origin.pending}) {}
    ~Handling() { here_ = std::move(before_); }
    Handling(const Handling&) = delete;
    Handling& operator=(const Handling&) = delete;

private:
    HandledEvent& here_;
    HandledEvent before_;
};

}  // namespace intent::client
