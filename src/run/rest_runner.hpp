// Executes the limiter's actions: HTTP transfers, timers, time.
#pragma once

#include "limits/limiter.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "rest/dead_webhooks.hpp"
#include "rest/request.hpp"
#include "run/rest_observer.hpp"
#include "text/random.hpp"

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
    bool maybe_sent = false;  ///< it was tried at least once, and its answer is not known
};
/// Not sent, or abandoned: its webhook was refused earlier with that status (rest::DeadWebhooks).
struct WebhookGone {
    int status;
};
/// Refused by a relay as invalid, with its text.
struct RequestInvalid {
    std::string text;
};
/// The relay ended while the request was under way.
struct OutcomeUnknown {
    std::string text;
};
using RestOutcome =
    std::variant<net::HttpResponse, net::HttpFailure, RestFailed, WebhookGone, RequestInvalid, OutcomeUnknown>;

struct RestSettings {
    std::string base_url;  ///< without a trailing slash
    net::HttpOptions http = {};
    std::chrono::milliseconds timeout = std::chrono::seconds(15);
    std::optional<limits::Duration> max_wait = {};  ///< of each call, see `limits::Route`
    std::function<void(LogLevel, const std::string&, const Trace&)> log;
    std::shared_ptr<RestObserver> observer = {};  ///< may be null
};

/// Runs one limiter (see `limits::Limiter`) on a loop.
///
/// Threads: construct and destroy on any thread while the loop's thread does not run it; call every function on the
/// loop's thread.
class RestRunner {
public:
    RestRunner(net::Loop& loop, RestSettings settings);
    ~RestRunner();  ///< drops pending requests without calling `done`
    RestRunner(const RestRunner&) = delete;
    RestRunner& operator=(const RestRunner&) = delete;

    /// Takes a request. Calls `done` once, later or at once. Each try uses the token of that moment.
    void submit(std::shared_ptr<const rest::Request> request, std::function<void(RestOutcome)> done);

    void set_token(Token token);

    /// Ends everything pending, including requests in flight, with `stopped`. Calls their `done`s before it returns.
    void stop();

    limits::RouteLimits route_limits(const std::string& bucket) const;

private:
    struct Pending {
        std::shared_ptr<const rest::Request> request;
        std::function<void(RestOutcome)> done;
        std::optional<net::HttpClient::Id> transfer = {};
        std::optional<net::HttpResult> result = {};
        std::optional<int> webhook_gone = {};  ///< the status to end it with
        net::Time submitted = {};
        net::Time started = {};  ///< the latest attempt
        unsigned attempts = 0;
    };

    template <class Input>
    void feed(Input input);
    void perform(const limits::Action& action);
    void start(limits::RequestId id);
    void on_result(limits::RequestId id, net::HttpResult result);
    void finish(limits::RequestId id, RestOutcome outcome);
    void fail_webhook(limits::RequestId answered, int status);
    void log(const limits::Notice& notice);
    void rearm();
    std::string traceparent(const Trace& trace);

    net::Loop& loop_;
    RestSettings settings_;
    Token token_;
    net::HttpClient http_;
    net::Timer timer_;
    limits::Limiter limiter_;
    rest::DeadWebhooks dead_webhooks_;
    std::optional<text::Random> spans_;  ///< set with the first request in a trace
    limits::RequestId last_id_ = 0;
    std::unordered_map<limits::RequestId, Pending> pending_;
};

}  // namespace intent::runner
