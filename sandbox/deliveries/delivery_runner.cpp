#include "sandbox/deliveries/delivery_runner.hpp"

#include "net/url.hpp"
#include "sandbox/base/problem.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_receiver_answer_bytes = 64u << 10;  // only the status is used

void check_url(const std::string& url) {
    const auto parsed = net::parse_url(url, "http", "https");
    if (const auto* wrong = std::get_if<std::string>(&parsed)) throw invalid("url", *wrong);
}

DeliveryOutcome outcome_of(const net::HttpResult& result, net::Duration took) {
    DeliveryOutcome outcome{.took = std::chrono::ceil<std::chrono::milliseconds>(took)};
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) {
        outcome.failure = failure->text;
        return outcome;
    }
    const auto& response = std::get<net::HttpResponse>(result);
    outcome.status = response.status;
    for (const auto& [name, value] : response.headers)
        if (name == "retry-after") outcome.retry_after = value;
    return outcome;
}

bool is_done(const Delivery& delivery, std::size_t attempts) {
    return delivery.state != Delivery::State::pending || (attempts > 0 && delivery.attempts.size() >= attempts);
}

}  // namespace

DeliveryRunner::DeliveryRunner(net::Loop& loop, const Clock& clock)
    : loop_(loop), clock_(clock), deliveries_(loop.random_seed()), timer_(loop) {}

void DeliveryRunner::deliver(DeliveryRequest request) {
    check_url(request.url);
    deliveries_.add(clock_.now(), std::move(request));
    post_due();
}

void DeliveryRunner::enable(std::string_view url) { deliveries_.enable(url); }

void DeliveryRunner::clear() {
    ++generation_;
    deliveries_.clear();
    waiters_.clear();
    timer_.cancel();
}

void DeliveryRunner::stop() {
    clear();
    http_.reset();
}

void DeliveryRunner::on_clock_moved() { post_due(); }

void DeliveryRunner::post_due() {
    for (const auto& delivery : deliveries_.on_time(clock_.now()))
        post(delivery);
    if (const auto wake = deliveries_.next_wake()) timer_.arm(clock_.of_loop(*wake), [this] { post_due(); });
}

void DeliveryRunner::post(const DeliveryRequest& delivery) {
    if (!http_)
        http_ = std::make_unique<net::HttpClient>(
            loop_, net::HttpOptions{.user_agent = "intent-sandbox", .max_body_bytes = max_receiver_answer_bytes});
    net::HttpRequest request{.method = "POST",
                             .url = delivery.url,
                             .headers = delivery_headers(delivery, net::system_now()),
                             .body = delivery.body,
                             .timeout = time_out};
    const auto begun = loop_.now();
    http_->start(std::move(request), [this, id = delivery.id, begun, generation = generation_](const auto& result) {
        if (generation != generation_) return;
        deliveries_.on_outcome(clock_.now(), id, outcome_of(result, loop_.now() - begun));
        settle();
        post_due();
    });
}

std::optional<std::chrono::milliseconds> DeliveryRunner::wait_of(std::string_view id) const {
    const auto due = deliveries_.due(id);
    if (!due) return std::nullopt;
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(*due - clock_.now(), net::Duration::zero()));
}

void DeliveryRunner::add_waiter(std::shared_ptr<Waiter> waiter) {
    const auto delivery = deliveries_.find(waiter->id);
    if (!delivery) throw not_found("delivery \"" + waiter->id + "\"");
    if (is_done(*delivery, waiter->attempts)) return waiter->done.set_value(*delivery);
    waiters_.push_back(std::move(waiter));
}

/// Checks all waiters: an outcome that disables an endpoint ends its other deliveries too.
void DeliveryRunner::settle() {
    waiters_.remove_if([&](const auto& waiter) {
        const auto delivery = deliveries_.find(waiter->id);
        if (delivery && !is_done(*delivery, waiter->attempts)) return false;
        if (delivery) waiter->done.set_value(*delivery);
        return true;
    });
}

}  // namespace intent::sandbox
