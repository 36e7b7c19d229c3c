// What a Scope shares with its handlers, coroutines and waits, and what the present code runs for.
#pragma once

#include "client/async/handler_list.hpp"

#include <intent/scope.hpp>
#include <intent/task.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace intent::detail {

/// A wait of a coroutine (for an event, for a time) that can end before its time.
class Wait {
public:
    virtual ~Wait() = default;

    /// Ends it with a CancelledError, in this call or soon. No effect once it has ended. Threads: any.
    virtual void cancel() noexcept = 0;

private:
    friend class ScopeState;
    std::list<std::shared_ptr<Wait>>::iterator place_ = {};  // of the scope's list, while it is `listed_` there
    bool listed_ = false;
};

/// Code of a scope runs in stretches: a handler up to its end or its first wait, a coroutine from one wait to the next.
/// Each enters and leaves. After the end none begins; `end` waits for those of other threads, cancels the waits, and
/// destroys the coroutines that are suspended on a task and held by nothing else.
///
/// Threads: safe.
class ScopeState {
public:
    /// False: it has ended. `resumed`: the coroutine that is about to go on.
    bool enter(TaskState* resumed) noexcept;
    void leave() noexcept;

    bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

    /// Any number of times, also from a stretch of its own.
    void end() noexcept;

    /// False: it has ended. The wait is held until `remove`.
    bool add(const std::shared_ptr<Wait>& wait);
    void remove(Wait& wait) noexcept;

    /// A handler that it removes from the list at its end; at once if it has ended.
    void add(const std::weak_ptr<client::HandlerList>& list, std::size_t event, std::uint64_t id);

    // For TaskState, of its coroutines.

    /// The coroutine is about to be suspended on a task: `hand_over` gives it to that task, and says false if it must
    /// go on at once. True: it is suspended, perhaps for good, and may be gone.
    template <class HandOver>
    bool park(TaskState& state, HandOver hand_over) noexcept {
        std::unique_lock lock(mutex_);
        state.parked_ = true;
        if (ended()) {
            if (!state.loose_) return true;  // who holds its task destroys it
            unlist(state);
            lock.unlock();
            state.self_.destroy();
            return true;
        }
        if (hand_over()) return true;
        state.parked_ = false;
        return false;
    }
    /// Its task was dropped. True: the scope has ended, and the coroutine is gone.
    bool loosen(TaskState& state) noexcept;
    void forget(TaskState& state) noexcept;

private:
    void unlist(TaskState& state) noexcept;

    std::mutex mutex_;
    std::condition_variable left_;
    std::atomic<bool> ended_ = false;
    std::size_t running_ = 0;
    TaskState* loose_ = nullptr;  // the coroutines that nothing but the scope holds
    std::list<std::shared_ptr<Wait>> waits_;
    std::weak_ptr<client::HandlerList> handlers_;  // that the subscriptions are in
    std::vector<std::pair<std::size_t, std::uint64_t>> subscriptions_;
    std::size_t subscriptions_before_prune_ = 64;
    std::size_t ending_ = 0;  // stretches whose own code has called `end`
};

}  // namespace intent::detail

namespace intent::client {

/// The event whose handler runs on the present thread; the name is empty if none does.
struct HandledEvent {
    const char* name = "";
    std::uint64_t seq = 0;
};

HandledEvent& handled_event() noexcept;

/// Sets the event while it exists.
class Handling {
public:
    explicit Handling(const detail::Origin& origin) noexcept : before_(handled_event()) {
        handled_event() = {origin.name, origin.seq};
    }
    ~Handling() { handled_event() = before_; }
    Handling(const Handling&) = delete;
    Handling& operator=(const Handling&) = delete;

private:
    const HandledEvent before_;
};

}  // namespace intent::client
