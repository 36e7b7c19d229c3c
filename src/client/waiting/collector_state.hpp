// What is behind a Collector: a waiter that keeps events for `next`.
#pragma once

#include "client/waiting/timed_waiter.hpp"

#include <intent/detail/collecting.hpp>

#include <coroutine>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

namespace intent::inline v0::detail {

/// Collected events, the oldest first. Empty it costs two pointers: there may be many collectors.
class CollectedQueue {
public:
    CollectedQueue() = default;
    CollectedQueue(CollectedQueue&& other) noexcept
        : first_(std::move(other.first_)),
          last_(std::exchange(other.last_, nullptr)),
          size_(std::exchange(other.size_, 0)) {}
    CollectedQueue& operator=(CollectedQueue&&) = delete;
    ~CollectedQueue() {
        while (first_)  // one at a time: the destructors of a chain would nest
            static_cast<void>(pop());
    }

    std::size_t size() const noexcept { return size_; }

    void push(Owned<Collected> event) noexcept {
        Collected* const added = event.get();
        (last_ ? last_->next_ : first_) = std::move(event);
        last_ = added;
        ++size_;
    }
    void push_front(Owned<Collected> event) noexcept {
        event->next_ = std::move(first_);
        first_ = std::move(event);
        if (!last_) last_ = first_.get();
        ++size_;
    }
    /// Null if it is empty.
    Owned<Collected> pop() noexcept {
        auto event = std::move(first_);
        if (!event) return event;
        first_ = std::move(event->next_);
        if (!first_) last_ = nullptr;
        --size_;
        return event;
    }

private:
    Owned<Collected> first_ = {};
    Collected* last_ = nullptr;
    std::size_t size_ = 0;
};

/// A coroutine that is suspended in `next`.
class NextWait final : public Wait {
public:
    NextWait(const std::shared_ptr<CollectorState>& collector, std::coroutine_handle<> waiting) noexcept
        : collector_(collector), waiting_(waiting) {}

    void cancel() noexcept override;

private:
    friend class CollectorState;
    friend class NextCollected;
    const std::weak_ptr<CollectorState> collector_;
    const std::coroutine_handle<> waiting_;
    // Set before the coroutine is resumed:
    Owned<Collected> event_ = {};
    bool cancelled_ = false;
};

/// An event is kept in the predicate's call (`match`), and the waiting coroutine is resumed after it: the body of its
/// loop may end or destroy the collector.
///
/// Threads: safe.
class CollectorState final : public client::TimedWaiter, public Matcher {
public:
    CollectorState(Owned<Gatherer> gatherer, const CollectorOptions& options);

    void check(std::size_t event, const void* value) override;
    bool match(std::size_t event, const void* value) override;

    /// Ends it with a CancelledError, waits for a predicate on another thread, and drops what it holds.
    void destroy() noexcept;

    /// Gives `event` the next event if there is one. Returns false if `next` has to wait.
    bool poll(Owned<Collected>& event) noexcept;

    /// The coroutine waits until there is an event. False: `next` of the wait need not wait.
    ///
    /// Errors: UsageError if another one is waiting.
    bool wait(const std::shared_ptr<NextWait>& next);
    void abandon(NextWait& next) noexcept;

    /// The error after the last event, if any. Valid after the end.
    const std::exception_ptr& error() const noexcept { return state.error(); }

protected:
    void give_up(std::exception_ptr why) noexcept override;
    void on_end() noexcept override;

private:
    void resume_ready() noexcept;

    Owned<Gatherer> gatherer_;  // used in the predicate's call
    const std::size_t count_;   // 0: no limit
    const std::size_t max_queue_;
    std::size_t collected_ = 0;  // used in the predicate's call

    std::mutex queue_mutex_;  // guards the rest; user code is never called with it
    CollectedQueue queue_;
    bool closed_ = false;
    bool cancelled_ = false;
    std::shared_ptr<NextWait> waiting_;
    std::shared_ptr<NextWait> ready_;  // about to be resumed
};

}  // namespace intent::detail
