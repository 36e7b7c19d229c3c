// The state of a wait: a predicate checks events, until one matches or the wait ends.
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <mutex>
#include <utility>

namespace intent::client {

/// A wait that ends once: by a match, by an exception of the predicate, or from outside.
///
/// Threads: safe. The predicate runs without a lock that `end` takes: its own code, and code that it calls, may end the
/// wait.
class WaitState {
public:
    /// Calls `find`, which decides whether the wait is over, one call at a time. Returns true if the wait ended in this
    /// call: by `find`, by its exception, or by an `end` in the meantime. The caller then resumes the coroutine.
    template <class Find>
    bool check(Find&& find) {
        std::unique_lock one_at_a_time(checking_);
        {
            const std::lock_guard lock(mutex_);
            if (over()) return false;
            in_predicate_ = true;
        }
        bool match = false;
        std::exception_ptr thrown;
        {
            const Here here(*this);
            try {
                match = find();
            } catch (...) {
                thrown = std::current_exception();
            }
        }
        const std::lock_guard lock(mutex_);
        in_predicate_ = false;
        if (!match && !thrown && !given_up_) return false;
        if (!given_up_ || !error_) {  // a match takes precedence over a timeout, but not over a cancellation
            matched_ = match;
            error_ = std::move(thrown);
        }
        over_.store(true, std::memory_order_release);
        return true;
    }

    struct Ended {
        bool first = false;  ///< true for the call that ended the wait
        bool now = false;    ///< in this call, so the caller resumes the coroutine; else the running `check` does
    };
    /// Ends the wait with an error, or without an error and without a match.
    Ended end(std::exception_ptr why) noexcept {
        const std::lock_guard lock(mutex_);
        if (over() || given_up_) return {};
        error_ = std::move(why);
        if (in_predicate_) {
            given_up_ = true;
            return {.first = true, .now = false};
        }
        over_.store(true, std::memory_order_release);
        return {.first = true, .now = true};
    }

    /// Sets the coroutine to resume when the wait ends. False: the wait has ended, and the coroutine need not wait.
    bool hold(std::coroutine_handle<> waiting) noexcept {
        const std::lock_guard lock(mutex_);
        if (over()) return false;
        waiting_ = waiting;
        return true;
    }

    bool over() const noexcept { return over_.load(std::memory_order_acquire); }

    // Valid once the wait is over:
    bool matched() const noexcept { return matched_; }
    const std::exception_ptr& error() const noexcept { return error_; }
    std::coroutine_handle<> waiting() const noexcept { return waiting_; }

    /// True if a predicate is running on this thread.
    static bool here() noexcept { return Here::innermost != nullptr; }

    /// Waits until no predicate of this wait is running. Returns false, without waiting, on the thread that runs it.
    bool wait_idle() noexcept {
        for (const auto* one = Here::innermost; one; one = one->outer)
            if (one->state == this) return false;
        const std::lock_guard lock(checking_);
        return true;
    }

private:
    struct Here {
        static inline thread_local const Here* innermost = nullptr;
        explicit Here(const WaitState& of) noexcept : state(&of), outer(innermost) { innermost = this; }
        ~Here() { innermost = outer; }
        Here(const Here&) = delete;
        Here& operator=(const Here&) = delete;

        const WaitState* const state;
        const Here* const outer;
    };

    std::mutex checking_;  // held while the predicate runs
    std::mutex mutex_;     // never held while the predicate runs
    bool in_predicate_ = false;
    bool given_up_ = false;  // the wait ends when the predicate has returned
    std::atomic<bool> over_ = false;
    bool matched_ = false;
    std::exception_ptr error_;
    std::coroutine_handle<> waiting_;
};

}  // namespace intent::client
