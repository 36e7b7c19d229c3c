// What the SDK's own coroutines await.
#pragma once

#include "client/api/context.hpp"
#include "rest/request.hpp"

#include <intent/task.hpp>

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace intent::client {

using Context = std::shared_ptr<detail::ClientContext>;

/// Awaits one REST call: ends with the answer of a success status, or throws the error of errors.hpp that fits.
class RestCall {
public:
    RestCall(Context context, rest::Call call);
    ~RestCall();
    RestCall(const RestCall&) = delete;
    RestCall& operator=(const RestCall&) = delete;

    /// Not for a call that was refused before it was sent.
    const rest::Request& request() const noexcept { return *request_; }

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    net::HttpResponse await_resume();

private:
    bool start(std::coroutine_handle<> waiting, detail::TaskState& state);
    Context context_;
    std::shared_ptr<const rest::Request> request_;  // shared with the runner, so that its body is not copied
    std::exception_ptr refused_;
    std::optional<runner::RestOutcome> outcome_;
};

/// Awaits what the limiter knows of a bucket; nothing is sent.
///
/// Errors: CancelledError when the client is stopped.
class LimitsCall {
public:
    LimitsCall(Context context, std::string bucket);
    ~LimitsCall();
    LimitsCall(const LimitsCall&) = delete;
    LimitsCall& operator=(const LimitsCall&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    limits::RouteLimits await_resume();

private:
    bool start(std::coroutine_handle<> waiting, detail::TaskState& state);
    Context context_;
    std::string bucket_;
    std::optional<std::optional<limits::RouteLimits>> known_;
};

/// Awaits a time. Errors: CancelledError when the client stops first.
class Sleep {
public:
    Sleep(Context context, std::chrono::milliseconds delay);
    ~Sleep();
    Sleep(const Sleep&) = delete;
    Sleep& operator=(const Sleep&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    void await_resume();

private:
    bool start(std::coroutine_handle<> waiting, detail::TaskState& state);
    Context context_;
    std::chrono::milliseconds delay_;
    std::shared_ptr<detail::ScopeState> scope_;
    std::shared_ptr<detail::Wait> wait_;
    const std::optional<bool>* cancelled_ = nullptr;  // of `wait_`
};

task<> sleep_for(Context context, std::chrono::milliseconds delay);

/// Lets a task run by itself; `keep` lives until it has ended. What it throws becomes an ErrorEvent of that name.
///
/// Errors: UsageError for a task that was moved from.
void spawn(const Context& context, std::string name, task<> work, std::shared_ptr<const void> keep);

}  // namespace intent::client
