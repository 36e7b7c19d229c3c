// REST calls through a relay, which holds the token and the limits.
#pragma once

#include "client/dispatch/running.hpp"
#include "client/runtime/loop_link.hpp"
#include "client/runtime/upstream.hpp"
#include "limits/limiter.hpp"

#include <intent/detail/remote.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace intent::client {

/// Threads: as RestPort unless stated otherwise.
class RelayedRest final : public RunningRest {
public:
    /// `running` owns this object. `max_wait`: of each call for its rate limit.
    RelayedRest(Running& running, detail::Remote& remote, std::optional<limits::Duration> max_wait);
    ~RelayedRest() override;

    void submit(std::shared_ptr<const rest::Request> request, std::function<void(runner::RestOutcome)> done) override;
    /// Nothing is known about the limits here.
    void limits(std::string bucket, std::function<void(std::optional<limits::RouteLimits>)> done) override;
    void set_token(Token token) override;

    // On the I/O thread:
    void stop() override;
    void end() noexcept override;

private:
    void send(const rest::Request& request, std::function<void(runner::RestOutcome)> done);

    Running& running_;
    detail::Remote& remote_;
    const std::optional<limits::Duration> max_wait_;
    const std::shared_ptr<LoopLink> link_;
    std::map<std::uint64_t, std::function<void(runner::RestOutcome)>> pending_;  // this and the next: on the I/O thread
    std::uint64_t last_id_ = 0;
    bool over_ = false;
};

}  // namespace intent::client
