// REST calls through a runner in this process.
#pragma once

#include "client/dispatch/running.hpp"
#include "client/runtime/upstream.hpp"
#include "run/rest_runner.hpp"

#include <memory>

namespace intent::client {

/// Threads: as RestPort unless stated otherwise.
class LocalRest final : public RunningRest {
public:
    /// `running` owns this object.
    LocalRest(Running& running, runner::RestSettings settings, const Token& token);
    ~LocalRest() override;

    void submit(std::shared_ptr<const rest::Request> request, std::function<void(runner::RestOutcome)> done) override;
    void limits(std::string bucket, std::function<void(std::optional<limits::RouteLimits>)> done) override;
    void set_token(Token token) override;

    void stop() override;
    void end() noexcept override { runner_.reset(); }

private:
    Running& running_;
    std::unique_ptr<runner::RestRunner> runner_;  // used on the I/O thread
};

}  // namespace intent::client
