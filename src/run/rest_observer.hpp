// What a RestRunner reports for metrics.
#pragma once

#include "limits/limiter.hpp"
#include "net/http.hpp"
#include "rest/request.hpp"

namespace intent::runner {

/// All calls are on the loop's thread and must not call back into the runner.
class RestObserver {
public:
    virtual ~RestObserver() = default;
    virtual void on_call() noexcept = 0;
    /// The call has ended, or was dropped with the runner.
    virtual void on_call_over() noexcept = 0;
    /// An attempt starts; the first has number 1.
    virtual void on_attempt(unsigned number, net::Duration since_call) noexcept = 0;
    /// An attempt has ended.
    virtual void on_result(const rest::Request& request, const net::HttpResult& result, net::Duration took) = 0;
    virtual void on_limited(limits::NoticeKind kind) noexcept = 0;
};

}  // namespace intent::runner
