// Carries out what the limiter wishes: HTTP transfers, timers, time.
#pragma once

#include "limits/limiter.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "rest/dead_webhooks.hpp"
#include "rest/request.hpp"

#include <intent/log.hpp>
#include <intent/token.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>

namespace intent::runner {

/// How a REST call ended.
struct RestFailed {
    limits::FailReason reason;
};
/// Not sent, or no longer waited for: its webhook was refused with that status before (rest::DeadWebhooks).
struct WebhookGone {
    int status;
};
using RestOutcome = std::variant<net::HttpResponse, net::HttpFailure, RestFailed, WebhookGone>;

struct RestSettings {
    std::string base_url;  ///< without a slash at the end
    net::HttpOptions http = {};
    std::chrono::milliseconds timeout = std::chrono::seconds(15);
    std::optional<limits::Duration> max_wait = {};  ///< of each call, see `limits::Route`
    std::function<void(LogLevel, const std::string&)> log;
};

/// Runs one limiter (see `limits::Limiter`) on a loop.
///
/// Threads: construct and destroy anywhere while the loop's thread does not run it; every function on the loop's
/// thread.
class RestRunner {
public:
    RestRunner(net::Loop& loop, RestSettings settings);
    ~RestRunner();  ///< drops what is left; no `done` is called
    RestRunner(const RestRunner&) = delete;
    RestRunner& operator=(const RestRunner&) = delete;

    /// Takes a request; `done` is called once, later or at once. The token is the present one at each try.
    void submit(std::shared_ptr<const rest::Request> request, std::function<void(RestOutcome)> done);

    void set_token(Token token);

    /// Ends everything that is pending with `stopped`, also what is in flight; `done`s are called before this returns.
    void stop();

    /// After an exception has reached the loop's edge: nothing that waits for its time is forgotten.
    void recover() {
        http_.recover();
        rearm();
    }

    limits::RouteLimits route_limits(const std::string& bucket) const;

private:
    struct Pending {
        std::shared_ptr<const rest::Request> request;
        std::function<void(RestOutcome)> done;
        std::optional<net::HttpClient::Id> transfer = {};
        std::optional<net::HttpResult> result = {};
        std::optional<int> webhook_gone = {};  ///< it is about to end so
    };

    template <class Input>
    void feed(Input input);
    void perform(const limits::Action& action);
    void start(limits::Ticket ticket);
    void give_up(limits::Ticket ticket);
    void on_result(limits::Ticket ticket, net::HttpResult result);
    void finish(limits::Ticket ticket, RestOutcome outcome);
    void fail_webhook(limits::Ticket answered, int status);
    void tell(const limits::Notice& notice);
    void rearm();

    RestSettings settings_;
    Token token_;
    net::HttpClient http_;
    net::Timer timer_;
    limits::Limiter limiter_;
    rest::DeadWebhooks dead_webhooks_;
    limits::Ticket last_ticket_ = 0;
    std::unordered_map<limits::Ticket, Pending> pending_;
};

}  // namespace intent::runner
