// The way of a call to the REST API.
#pragma once

#include "limits/limiter.hpp"
#include "rest/request.hpp"
#include "run/rest_runner.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::client {

/// Sends requests: in a client by its own runner.
///
/// Threads: safe. `done` is called once, on the I/O thread; it may be dropped uncalled when that has ended.
class RestPort {
public:
    virtual ~RestPort() = default;
    virtual void submit(std::shared_ptr<const rest::Request> request,
                        std::function<void(runner::RestOutcome)> done) = 0;
    /// What is known of a bucket's limit. Unset after a stop.
    virtual void limits(std::string bucket, std::function<void(std::optional<limits::RouteLimits>)> done) = 0;
};

}  // namespace intent::client
