// What a predicate finds in the events that come, and the end of the wait for one that it likes.
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <mutex>
#include <utility>

namespace intent::client {

/// A wait that ends once: by a match, by what the predicate throws, or from outside.
///
/// Threads: safe. The predicate runs without a lock that `end` takes: its own code, and code that it calls, may end
/// the wait.
class Judgement {
public:
    /// Lets `find` say whether the wait is over, one call at a time. True: it has ended in this call, by that, by what
    /// `find` threw, or by an `end` meanwhile. The caller then lets the coroutine go on.
    template <class Find>
    bool judge(Find&& find) {
        std::unique_lock one_at_a_time(judging_);
        {
            const std::lock_guard lock(mutex_);
            if (over()) return false;
            in_judgement_ = true;
        }
        bool match = false;
        std::exception_ptr thrown;
        {
            const Here here;
            try {
                match = find();
            } catch (...) {
                thrown = std::current_exception();
            }
        }
        const std::lock_guard lock(mutex_);
        in_judgement_ = false;
        if (!match && !thrown && !given_up_) return false;
        if (!given_up_ || !error_) {  // a match counts more than a timeout, not more than a cancellation
            matched_ = match;
            error_ = std::move(thrown);
        }
        over_.store(true, std::memory_order_release);
        return true;
    }

    struct Ended {
        bool first = false;  ///< it had not ended before
        bool now = false;    ///< in this call, and the caller lets the coroutine go on; else the `judge` that runs does
    };
    /// Ends it with an error, or without one and without a match.
    Ended end(std::exception_ptr why) noexcept {
        const std::lock_guard lock(mutex_);
        if (over() || given_up_) return {};
        error_ = std::move(why);
        if (in_judgement_) {
            given_up_ = true;
            return {.first = true, .now = false};
        }
        over_.store(true, std::memory_order_release);
        return {.first = true, .now = true};
    }

    /// The coroutine that goes on when the wait ends. False: it has ended, and the coroutine need not wait.
    bool hold(std::coroutine_handle<> waiting) noexcept {
        const std::lock_guard lock(mutex_);
        if (over()) return false;
        waiting_ = waiting;
        return true;
    }

    bool over() const noexcept { return over_.load(std::memory_order_acquire); }

    // Once it is over:
    bool matched() const noexcept { return matched_; }
    const std::exception_ptr& error() const noexcept { return error_; }
    std::coroutine_handle<> waiting() const noexcept { return waiting_; }

    /// Does a predicate run on this thread?
    static bool here() noexcept { return Here::depth != 0; }

private:
    struct Here {
        static inline thread_local int depth = 0;
        Here() noexcept { ++depth; }
        ~Here() { --depth; }
        Here(const Here&) = delete;
        Here& operator=(const Here&) = delete;
    };

    std::mutex judging_;  // held while the predicate runs
    std::mutex mutex_;    // never held while the predicate runs
    bool in_judgement_ = false;
    bool given_up_ = false;  // it ends when the predicate has returned
    std::atomic<bool> over_ = false;
    bool matched_ = false;
    std::exception_ptr error_;
    std::coroutine_handle<> waiting_;
};

}  // namespace intent::client
