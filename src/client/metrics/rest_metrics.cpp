#include "client/metrics/rest_metrics.hpp"

#include <string_view>
#include <variant>

namespace intent::client {

namespace {

constexpr std::array<std::string_view, 5> reasons = {"connect", "timeout", "broken", "too_large", "tls"};
constexpr std::array<std::string_view, 3> scopes = {"bucket", "token", "host"};

std::size_t index_of(net::HttpFailure::Kind kind) noexcept {
    using Kind = net::HttpFailure::Kind;
    switch (kind) {
        case Kind::connect:
            return 0;
        case Kind::timeout:
            return 1;
        case Kind::broken:
            return 2;
        case Kind::too_large:
            return 3;
        case Kind::tls:
            break;
    }
    return 4;
}

bool is_status(int status) noexcept { return status >= 100 && status <= 599; }

}  // namespace

void RestMetrics::on_attempt(unsigned number, net::Duration since_call) noexcept {
    if (number == 1)
        waits_.observe(since_call);
    else
        retries_.add();
}

RestMetrics::Route& RestMetrics::route_of(const rest::Request& request) {
    static const Key other{"other", ""};
    if (!request.is_template) return routes_[{other.first, request.method}];
    if (const auto found = routes_.find({request.route, request.method}); found != routes_.end()) return found->second;
    if (routes_.size() >= max_routes) return routes_[other];
    return routes_[{request.route, request.method}];
}

void RestMetrics::on_result(const rest::Request& request, const net::HttpResult& result, net::Duration took) {
    const std::lock_guard lock(mutex_);
    Route& route = route_of(request);
    route.durations.observe(took);
    if (const auto* response = std::get_if<net::HttpResponse>(&result))
        ++route.statuses[is_status(response->status) ? response->status : 0];
    else
        failures_[index_of(std::get<net::HttpFailure>(result).kind)].add();
}

void RestMetrics::on_limited(limits::NoticeKind kind) noexcept {
    using limits::NoticeKind;
    if (kind == NoticeKind::bucket_limited) limited_[0].add();
    if (kind == NoticeKind::token_limited) limited_[1].add();
    if (kind == NoticeKind::host_limited) limited_[2].add();
}

void RestMetrics::write(text::Exposition& out) const {
    using Type = text::Exposition::Type;
    {
        const std::lock_guard lock(mutex_);
        out.family("intent_rest_requests_total", Type::counter, "Answers of the REST API, retried ones included.");
        for (const auto& [key, route] : routes_) {
            for (const auto& [status, count] : route.statuses) {
                const std::string text = status == 0 ? "other" : std::to_string(status);
                out.sample({{"method", key.second}, {"route", key.first}, {"status", text}}, count);
            }
        }
        out.family("intent_rest_request_duration_seconds", Type::histogram,
                   "Time from the start of an attempt to its answer or failure.");
        for (const auto& [key, route] : routes_)
            out.histogram({{"method", key.second}, {"route", key.first}}, DurationHistogram::bounds,
                          route.durations.counts(), route.durations.sum_in_seconds());
    }
    out.family("intent_rest_failures_total", Type::counter, "Attempts without a usable answer.");
    for (std::size_t i = 0; i < reasons.size(); ++i)
        out.sample({{"reason", reasons[i]}}, failures_[i].read());
    out.single("intent_rest_retries_total", Type::counter, "Attempts after the first of their call.", retries_.read());
    out.family("intent_rest_rate_limited_total", Type::counter, "Answers 429, by what has to wait.");
    for (std::size_t i = 0; i < scopes.size(); ++i)
        out.sample({{"scope", scopes[i]}}, limited_[i].read());
    out.family("intent_rest_limit_wait_seconds", Type::histogram,
               "Time that calls waited for rate limits before their first attempt.");
    out.histogram({}, DurationHistogram::bounds, waits_.counts(), waits_.sum_in_seconds());
    out.single("intent_rest_pending_calls", Type::gauge, "Calls that have not ended.", pending_.read());
}

}  // namespace intent::client
