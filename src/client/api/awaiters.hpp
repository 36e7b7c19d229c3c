// The awaiters of the SDK's coroutines.
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

/// Awaits one REST call: returns the answer for a success status, and throws the matching error of errors.hpp
/// otherwise.
class RestCall {
public:
    RestCall(Context context, rest::Call call);
    ~RestCall();
    RestCall(const RestCall&) = delete;
    RestCall& operator=(const RestCall&) = delete;

    /// Only for a call that was valid and was sent.
    const rest::Request& request() const noexcept { return *request_; }

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    net::HttpResponse await_resume();

protected:
    runner::RestOutcome take_outcome();

private:
    bool start(std::coroutine_handle<> waiting, detail::TaskState& state);
    Context context_;
    std::shared_ptr<rest::Request> request_;  // shared with the runner to avoid a copy of the body
    std::exception_ptr refused_;
    std::optional<runner::RestOutcome> outcome_;
};

/// The same, but returns every outcome, and throws only what was wrong before the request could be sent.
class RestExchange : public RestCall {
public:
    using RestCall::RestCall;
    runner::RestOutcome await_resume() { return take_outcome(); }
};

/// Awaits the limiter's state of a bucket; nothing is sent.
///
/// Errors: CancelledError if the client stops first.
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

/// Awaits a delay. Errors: CancelledError if the client stops first.
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
    const std::optional<bool>* cancelled_ = nullptr;  // member of `wait_`
};

task<> sleep_for(Context context, std::chrono::milliseconds delay);

/// Runs a task in the background; `keep` lives until it has ended. Its exception becomes an ErrorEvent of that name.
///
/// Errors: UsageError for a task that was moved from.
void spawn(const Context& context, std::string name, task<> work, std::shared_ptr<const void> keep);

/// As `Client::report_error`.
void report_error(detail::ClientContext& context, const std::string& where, std::exception_ptr error);

}  // namespace intent::client
