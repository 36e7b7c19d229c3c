#include "run/rest_runner.hpp"

#include "text/trace.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace intent::runner {

namespace {

limits::NoAnswer no_answer(const net::HttpFailure& failure) {
    using Kind = net::HttpFailure::Kind;
    using limits::NoAnswer;
    switch (failure.kind) {
        case Kind::timeout:
            return failure.request_sent ? NoAnswer::timeout_maybe_sent : NoAnswer::timeout_not_sent;
        case Kind::too_large:
            return NoAnswer::unusable;
        default:
            return failure.request_sent ? NoAnswer::maybe_sent : NoAnswer::not_sent;
    }
}

const char* describe(limits::NoticeKind kind) {
    using limits::NoticeKind;
    switch (kind) {
        case NoticeKind::bucket_limited:
            return "rate limited (429): its bucket waits";
        case NoticeKind::token_limited:
            return "rate limited (429): every request of the token waits";
        case NoticeKind::host_limited:
            return "rate limited (429) without a time: every request waits";
        case NoticeKind::retrying:
            return "failed: will be retried";
        case NoticeKind::token_refused:
            return "the token was refused (401): calls fail until it is changed";
        case NoticeKind::many_refusals:
            return "1,000 refusals (401, 403, 429) within 10 minutes: servers may ban for fewer";
    }
    return "";
}

}  // namespace

RestRunner::RestRunner(net::Loop& loop, RestSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      http_(loop, settings_.http),
      timer_(loop),
      limiter_(limits::Options{.seed = loop.random_seed()}) {}

RestRunner::~RestRunner() {
    for (std::size_t i = 0; settings_.observer && i < pending_.size(); ++i)
        settings_.observer->on_call_over();
}

void RestRunner::submit(std::shared_ptr<const rest::Request> request, std::function<void(RestOutcome)> done) {
    if (const auto status = dead_webhooks_.refusal(*request)) return done(WebhookGone{*status});
    const limits::RequestId id = ++last_id_;
    const limits::Route route{.method = request->method,
                              .bucket_key = request->bucket,
                              .uses_token = request->auth == rest::Auth::bearer,
                              .max_wait = request->max_wait ? request->max_wait : settings_.max_wait};
    pending_.emplace(id, Pending{.request = std::move(request), .done = std::move(done), .submitted = loop_.now()});
    if (settings_.observer) settings_.observer->on_call();
    feed([&](auto now, auto& out) { limiter_.on_submit(now, id, route, out); });
}

void RestRunner::set_token(Token token) {
    token_ = std::move(token);
    limiter_.on_token_changed(loop_.now());
}

void RestRunner::stop() {
    feed([&](auto now, auto& out) { limiter_.on_stop(now, out); });
    while (!pending_.empty()) {
        auto& [id, pending] = *pending_.begin();
        if (pending.transfer) http_.cancel(*pending.transfer);
        finish(id, RestFailed{limits::FailReason::stopped, pending.attempts > 0});
    }
    timer_.cancel();
}

limits::RouteLimits RestRunner::route_limits(const std::string& bucket) const {
    return limiter_.route_limits(loop_.now(), bucket);
}

template <class Input>
void RestRunner::feed(Input input) {
    // Each call has its own container: a `done` may submit the next request.
    limits::Actions actions;
    input(loop_.now(), actions);
    for (const auto& action : actions)
        perform(action);
    rearm();
}

void RestRunner::perform(const limits::Action& action) {
    if (const auto* begin = std::get_if<limits::Start>(&action)) {
        start(begin->id);
    } else if (const auto* end = std::get_if<limits::Finish>(&action)) {
        const auto found = pending_.find(end->id);
        if (found == pending_.end() || !found->second.result) return;
        auto result = *std::move(found->second.result);
        if (auto* response = std::get_if<net::HttpResponse>(&result)) {
            finish(end->id, std::move(*response));
        } else {
            finish(end->id, std::move(std::get<net::HttpFailure>(result)));
        }
    } else if (const auto* fail = std::get_if<limits::Fail>(&action)) {
        const auto found = pending_.find(fail->id);
        if (found != pending_.end() && found->second.webhook_gone) {
            finish(fail->id, WebhookGone{*found->second.webhook_gone});
        } else {
            finish(fail->id, RestFailed{fail->reason, found != pending_.end() && found->second.attempts > 0});
        }
    } else if (const auto* notice = std::get_if<limits::Notice>(&action)) {
        log(*notice);
    }
}

void RestRunner::start(limits::RequestId id) {
    const auto found = pending_.find(id);
    if (found == pending_.end() || found->second.webhook_gone) return;
    const rest::Request& request = *found->second.request;
    found->second.started = loop_.now();
    ++found->second.attempts;
    if (settings_.observer)
        settings_.observer->on_attempt(found->second.attempts, found->second.started - found->second.submitted);
    net::HttpRequest http{.method = request.method, .url = settings_.base_url + request.path};
    http.timeout = settings_.timeout;
    if (request.auth == rest::Auth::bearer) {
        http.headers.emplace_back("authorization", "Bearer " + std::string(token_.reveal()));
    }
    if (!request.body.empty()) {
        http.headers.emplace_back("content-type", "application/json");
        http.body = request.body;
    }
    if (!request.trace.empty()) http.headers.emplace_back("traceparent", traceparent(request.trace));
    found->second.transfer =
        http_.start(std::move(http), [this, id](net::HttpResult result) { on_result(id, std::move(result)); });
}

void RestRunner::on_result(limits::RequestId id, net::HttpResult result) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) return;
    found->second.transfer.reset();
    const net::HttpResult& kept = found->second.result.emplace(std::move(result));
    if (settings_.observer)
        settings_.observer->on_result(*found->second.request, kept, loop_.now() - found->second.started);
    if (const auto* response = std::get_if<net::HttpResponse>(&kept)) {
        // Before the limiter receives the answer; otherwise it would start the next of them.
        if (dead_webhooks_.on_answer(*found->second.request, response->status)) fail_webhook(id, response->status);
    }
    feed([&](auto now, auto& out) {
        if (const auto* response = std::get_if<net::HttpResponse>(&kept)) {
            limiter_.on_answer(now, id,
                               limits::Answer{.status = response->status,
                                              .headers = response->headers,
                                              .body = response->body,
                                              .received = loop_.system_now()},
                               out);
        } else {
            limiter_.on_no_answer(now, id, no_answer(std::get<net::HttpFailure>(kept)), out);
        }
    });
}

void RestRunner::finish(limits::RequestId id, RestOutcome outcome) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) return;
    const auto done = std::move(found->second.done);
    pending_.erase(found);
    if (settings_.observer) settings_.observer->on_call_over();
    done(std::move(outcome));
}

/// Fails the requests that wait for the webhook of the request just answered.
void RestRunner::fail_webhook(limits::RequestId answered, int status) {
    const std::string webhook = pending_.at(answered).request->webhook;
    std::vector<limits::RequestId> waiting;
    for (auto& [id, pending] : pending_) {
        if (id == answered || pending.transfer || pending.request->webhook != webhook) continue;
        if (!dead_webhooks_.refusal(*pending.request)) continue;
        pending.webhook_gone = status;
        waiting.push_back(id);
    }
    std::ranges::sort(waiting);
    feed([&](auto now, auto& out) {
        for (const auto id : waiting)
            limiter_.on_cancel(now, id, out);
    });
}

void RestRunner::log(const limits::Notice& notice) {
    if (settings_.observer) settings_.observer->on_limited(notice.kind);
    if (!settings_.log) return;
    const auto found = pending_.find(notice.id);
    std::string text = found == pending_.end()
                           ? std::string()
                           : found->second.request->method + " " + found->second.request->route + ": ";
    text += describe(notice.kind);
    if (notice.wait.count() > 0) {
        text +=
            " " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(notice.wait).count()) + " ms";
    }
    // A webhook's limits are shared by all holders of its token, so reaching one is not this client's fault.
    const bool shared = notice.kind == limits::NoticeKind::bucket_limited && found != pending_.end() &&
                        found->second.request->webhook_use != rest::WebhookUse::none;
    const Trace trace = found == pending_.end() ? Trace{} : found->second.request->trace;
    settings_.log(shared ? LogLevel::debug : LogLevel::warn, text, trace);
}

/// Each try of a request has its own span.
std::string RestRunner::traceparent(const Trace& trace) {
    if (!spans_) spans_.emplace(loop_.random_seed());
    return text::traceparent(trace, std::max<std::uint64_t>(spans_->next(), 1));
}

void RestRunner::rearm() {
    const auto wake = limiter_.next_wake();
    if (!wake) return timer_.cancel();
    timer_.arm(*wake, [this] { feed([&](auto now, auto& out) { limiter_.on_time(now, out); }); });
}

}  // namespace intent::runner
