// What REST calls cost, by route.
#pragma once

#include "client/metrics/counters.hpp"
#include "run/rest_observer.hpp"
#include "text/exposition.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace intent::client {

/// Threads: the observer's functions on the I/O thread, `write` on any.
class RestMetrics final : public runner::RestObserver {
public:
    void on_call() noexcept override { pending_.add(); }
    void on_call_over() noexcept override { pending_.remove(); }
    void on_attempt(unsigned number, net::Duration since_call) noexcept override;
    void on_result(const rest::Request& request, const net::HttpResult& result, net::Duration took) override;
    void on_limited(limits::NoticeKind kind) noexcept override;

    void write(text::Exposition& out) const;

private:
    /// Bounds the memory. There are fewer routes, and paths of the bot's own count as one.
    static constexpr std::size_t max_routes = 200;

    struct Route {
        std::map<int, std::uint64_t> statuses = {};
        DurationHistogram durations = {};
    };
    using Key = std::pair<std::string, std::string>;  // route, method

    Route& route_of(const rest::Request& request);

    mutable std::mutex mutex_;
    std::map<Key, Route> routes_;  // guarded by mutex_
    std::array<SharedCounter, 5> failures_{};
    std::array<SharedCounter, 3> limited_{};
    SharedCounter retries_;
    SharedCounter pending_;
    DurationHistogram waits_;
};

}  // namespace intent::client
