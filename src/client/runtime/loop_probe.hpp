// Measures how long a loop takes to run posted work.
#pragma once

#include "net/loop.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

namespace intent::client {

/// Costs nothing between two probes. Threads: any.
class LoopProbe : public std::enable_shared_from_this<LoopProbe> {
public:
    /// Posts a probe, unless one is on its way. Returns the time that the previous probe took, or that this one has
    /// taken already if that is more.
    std::chrono::nanoseconds probe(net::Loop& loop) {
        const auto now = net::now().time_since_epoch().count();
        auto sent = none;
        if (sent_.compare_exchange_strong(sent, now)) {
            loop.post([self = shared_from_this(), now] {
                self->took_ = net::now().time_since_epoch().count() - now;
                self->sent_ = none;
            });
            sent = now;
        }
        return net::Duration(std::max(took_.load(), now - sent));
    }

private:
    static constexpr net::Duration::rep none = 0;
    std::atomic<net::Duration::rep> sent_ = none;
    std::atomic<net::Duration::rep> took_ = 0;
};

}  // namespace intent::client
