#include "sandbox/deliveries/deliveries.hpp"

#include "net/hmac.hpp"
#include "sandbox/base/problem.hpp"

#include <algorithm>
#include <charconv>

namespace intent::inline v0::sandbox {

const char* name_of(Delivery::State state) noexcept {
    switch (state) {
        case Delivery::State::pending:
            return "pending";
        case Delivery::State::delivered:
            return "delivered";
        case Delivery::State::dropped:
            return "dropped";
    }
    return "";
}

namespace {

using std::chrono::milliseconds;
using State = Delivery::State;

constexpr int too_many_requests = 429;

bool is_success(const DeliveryOutcome& outcome) { return outcome.status && *outcome.status < 400; }

/// `Retry-After` in seconds, optionally with a fraction; unset for a date or an invalid value.
std::optional<milliseconds> parse_retry_after(std::string_view text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0)) return std::nullopt;
    const double maximum = static_cast<double>(Deliveries::max_retry_after.count());
    return milliseconds(static_cast<std::int64_t>(std::min(seconds * 1000, maximum)));
}

std::string hex(const net::Sha256& hash) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : hash) {
        text += digits[byte >> 4];
        text += digits[byte & 0xf];
    }
    return text;
}

}  // namespace

Deliveries::Entry* Deliveries::entry(std::string_view id) {
    const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.request.id == id; });
    return at == entries_.end() ? nullptr : &*at;
}

const Deliveries::Entry* Deliveries::entry(std::string_view id) const {
    const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.request.id == id; });
    return at == entries_.end() ? nullptr : &*at;
}

void Deliveries::add(Time now, DeliveryRequest request) {
    if (entry(request.id) != nullptr)
        throw Problem(409, "DELIVERY_EXISTS", "delivery_id: \"" + request.id + "\" is taken");
    const auto endpoint = endpoints_.find(request.url);
    if (endpoint != endpoints_.end() && endpoint->second.disabled)
        throw Problem(409, "ENDPOINT_DISABLED",
                      "url: disabled, because 50 deliveries in a row failed; enable it with \"enable\": true");
    if (entries_.size() == max_kept) {
        const auto over = std::find_if(entries_.begin(), entries_.end(),
                                       [](const auto& e) { return e.view.state != State::pending; });
        if (over == entries_.end())
            throw Problem(503, "TOO_MANY_DELIVERIES", "at most 1000 deliveries can be pending at the same time");
        entries_.erase(over);
    }
    Delivery view{.id = request.id, .url = request.url};
    entries_.push_back({.request = std::move(request), .view = std::move(view), .due = now});
}

std::vector<DeliveryRequest> Deliveries::on_time(Time now) {
    std::vector<DeliveryRequest> requests;
    for (auto& each : entries_) {
        if (!each.due || *each.due > now) continue;
        each.due.reset();
        requests.push_back(each.request);
    }
    return requests;
}

std::optional<Deliveries::Time> Deliveries::next_wake() const {
    std::optional<Time> wake;
    for (const auto& each : entries_)
        if (each.due && (!wake || *each.due < *wake)) wake = each.due;
    return wake;
}

void Deliveries::on_outcome(Time now, std::string_view id, const DeliveryOutcome& outcome) {
    Entry* found = entry(id);
    if (found == nullptr) return;
    count(outcome);
    found->view.attempts.push_back({.status = outcome.status,
                                    .failure = outcome.failure,
                                    .milliseconds = static_cast<double>(outcome.took.count())});
    if (found->view.state != State::pending) return;  // its endpoint was disabled during the attempt
    if (is_success(outcome)) {
        found->view.state = State::delivered;
        ++counters_.delivered;
        endpoints_[found->request.url].failures = 0;
    } else if (found->view.attempts.size() > delays.size()) {
        drop(*found);
    } else {
        found->due = now + wait_before(*found, outcome);
    }
}

void Deliveries::drop(Entry& dropped) {
    dropped.view.state = State::dropped;
    ++counters_.dropped;
    Endpoint& endpoint = endpoints_[dropped.request.url];
    if (++endpoint.failures < failures_until_disabled) return;
    endpoint.disabled = true;
    for (auto& other : entries_) {
        if (other.request.url != dropped.request.url || other.view.state != State::pending) continue;
        other.view.state = State::dropped;
        ++counters_.dropped;
        other.due.reset();
    }
}

void Deliveries::count(const DeliveryOutcome& outcome) noexcept {
    if (!outcome.status)
        ++counters_.unanswered;
    else
        ++(is_success(outcome) ? counters_.accepted : counters_.rejected);
}

std::size_t Deliveries::pending() const noexcept {
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(),
                                                  [](const auto& each) { return each.view.state == State::pending; }));
}

milliseconds Deliveries::wait_before(const Entry& retried, const DeliveryOutcome& outcome) {
    if (outcome.status == too_many_requests)
        if (const auto asked = parse_retry_after(outcome.retry_after)) return *asked;
    const auto delay = static_cast<double>(delays.at(retried.view.attempts.size() - 1).count());
    return milliseconds(static_cast<std::int64_t>(delay * (1 + max_jitter * random_.unit())));
}

Delivery Deliveries::view_of(const Entry& shown) const {
    Delivery view = shown.view;
    const auto endpoint = endpoints_.find(shown.request.url);
    view.endpoint_disabled = endpoint != endpoints_.end() && endpoint->second.disabled;
    return view;
}

std::optional<Delivery> Deliveries::find(std::string_view id) const {
    const Entry* found = entry(id);
    return found == nullptr ? std::nullopt : std::optional(view_of(*found));
}

std::vector<Delivery> Deliveries::list() const {
    std::vector<Delivery> views;
    for (const auto& each : entries_)
        views.push_back(view_of(each));
    return views;
}

std::optional<Deliveries::Time> Deliveries::due(std::string_view id) const {
    const Entry* found = entry(id);
    return found == nullptr ? std::nullopt : found->due;
}

void Deliveries::enable(std::string_view url) {
    if (const auto at = endpoints_.find(url); at != endpoints_.end()) endpoints_.erase(at);
}

void Deliveries::clear() {
    entries_.clear();
    endpoints_.clear();
}

std::vector<std::pair<std::string, std::string>> delivery_headers(const DeliveryRequest& request,
                                                                  std::chrono::system_clock::time_point now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::string timestamp = std::to_string(seconds);
    const auto hash = net::hmac_sha256(request.secret.reveal(), {timestamp, ".", request.body});
    return {{"Content-Type", "application/json"},
            {"X-Intent-Signature", "sha256=" + hex(hash)},
            {"X-Intent-Timestamp", timestamp},
            {"X-Intent-Delivery-Id", request.id}};
}

}  // namespace intent::sandbox
