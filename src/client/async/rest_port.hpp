// The interface through which calls reach the REST API.
#pragma once

#include "limits/limiter.hpp"
#include "rest/request.hpp"
#include "run/rest_runner.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::client {

/// Sends requests. In a client, its own runner does this.
///
/// Threads: safe. `done` is called once, on the I/O thread; it may be destroyed uncalled if that thread has ended.
class RestPort {
public:
    virtual ~RestPort() = default;
    virtual void submit(std::shared_ptr<const rest::Request> request,
                        std::function<void(runner::RestOutcome)> done) = 0;
    /// The known limit of a bucket. Unset after a stop.
    virtual void limits(std::string bucket, std::function<void(std::optional<limits::RouteLimits>)> done) = 0;
};

}  // namespace intent::client
