// Waiting for other threads: conditions with a deadline, no fixed sleeps.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace intent::test {

/// How long a test waits for something that must happen: far longer than anything takes, also under sanitizers.
constexpr auto long_enough = std::chrono::seconds(60);

/// What happened, in order.
///
/// Threads: safe.
template <class T>
class Recorder {
public:
    void add(T value) {
        const std::lock_guard lock(mutex_);
        values_.push_back(std::move(value));
        changed_.notify_all();
    }

    /// Waits until `condition(values)` holds; false if it does not in time.
    template <class Condition>
    bool wait_for(Condition condition, std::chrono::milliseconds timeout = long_enough) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, timeout, [&] { return condition(std::as_const(values_)); });
    }

    bool wait_count(std::size_t count, std::chrono::milliseconds timeout = long_enough) {
        return wait_for([&](const auto& values) { return values.size() >= count; }, timeout);
    }

    /// The first value that `matches`, once there is one.
    template <class Matches>
    std::optional<T> wait_value(Matches matches, std::chrono::milliseconds timeout = long_enough) {
        std::optional<T> found;
        wait_for(
            [&](const std::vector<T>& values) {
                for (const auto& value : values) {
                    if (!matches(value)) continue;
                    found = value;
                    return true;
                }
                return false;
            },
            timeout);
        return found;
    }

    bool wait_contains(const T& wanted, std::chrono::milliseconds timeout = long_enough) {
        return wait_value([&](const T& value) { return value == wanted; }, timeout).has_value();
    }

    std::vector<T> all() const {
        const std::lock_guard lock(mutex_);
        return values_;
    }

    std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return values_.size();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<T> values_;
};

/// Polls `condition` until it holds; false if it does not in time.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds timeout = long_enough) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

/// The id of the calling thread, for `is_asleep`.
long this_thread_id();
/// Whether a thread of this process sleeps, i.e. waits for another one.
bool is_asleep(long thread);

/// Blocks threads until it is opened.
///
/// Threads: safe.
class Door {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

    /// Blocks until it is open; false if that takes too long.
    bool pass(std::chrono::milliseconds timeout = long_enough) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, timeout, [&] { return open_; });
    }

    bool is_open() const {
        const std::lock_guard lock(mutex_);
        return open_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

}  // namespace intent::test
