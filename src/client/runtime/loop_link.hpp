// Posts to a client's loop from threads that may outlive it.
#pragma once

#include "net/loop.hpp"

#include <functional>
#include <mutex>
#include <utility>

namespace intent::client {

/// Threads: any.
class LoopLink {
public:
    explicit LoopLink(net::Loop& loop) : loop_(&loop) {}

    /// Runs `work` on the loop's thread, or destroys it.
    void post(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        if (loop_ != nullptr) loop_->post(std::move(work));
    }

    /// The loop ends: later work is destroyed.
    void cut() noexcept {
        const std::lock_guard lock(mutex_);
        loop_ = nullptr;
    }

private:
    std::mutex mutex_;
    net::Loop* loop_;
};

}  // namespace intent::client
