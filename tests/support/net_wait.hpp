// Waiting for things that happen on a loop's thread.
#pragma once

#include "net/loop.hpp"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <type_traits>
#include <utility>

namespace intent::test {

constexpr auto patience = std::chrono::seconds(60);  // far beyond what anything takes, also under sanitizers

/// Runs `work` on the loop's thread and gives what it returns.
template <class Work>
auto on_loop(net::Loop& loop, Work work) {
    using Result = std::invoke_result_t<Work&>;
    std::promise<Result> promise;
    auto future = promise.get_future();
    loop.post([&] {
        try {
            if constexpr (std::is_void_v<Result>) {
                work();
                promise.set_value();
            } else {
                promise.set_value(work());
            }
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    });
    if (future.wait_for(patience) != std::future_status::ready) std::abort();
    return future.get();
}

/// State that one thread changes and another waits for.
class Monitor {
public:
    template <class Change>
    void change(Change&& change) {
        // Notifies with the lock held: whoever waits may destroy this as soon as it is released.
        std::lock_guard lock(mutex_);
        change();
        changed_.notify_all();
    }

    /// True once `condition` holds; false if it does not in time.
    template <class Condition>
    bool wait(Condition&& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, condition);
    }

    template <class Read>
    auto read(Read&& read) {
        std::lock_guard lock(mutex_);
        return read();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace intent::test
