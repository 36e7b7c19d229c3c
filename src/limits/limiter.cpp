#include "limits/limiter_impl.hpp"

#include <algorithm>

namespace intent::inline v0::limits {

Limiter::Limiter(Options options) : impl_(std::make_unique<Impl>(options)) {}
Limiter::~Limiter() = default;
Limiter::Limiter(Limiter&&) noexcept = default;
Limiter& Limiter::operator=(Limiter&&) noexcept = default;

void Limiter::on_submit(Time now, RequestId id, const Route& route, Actions& out) {
    auto& self = *impl_;
    self.table.evict_idle(now);
    if (self.stopped) return out.push_back(Fail{id, FailReason::stopped});
    if (self.token_refused && route.uses_token) return out.push_back(Fail{id, FailReason::unauthorized});
    const auto [entry, is_new] = self.requests.try_emplace(id);
    if (!is_new) return;
    auto& request = entry->second;
    request.id = id;
    request.route = self.table.route(route.bucket_key);
    request.submitted = now;
    request.max_wait = route.max_wait.value_or(Duration::max());
    request.ordered = route.method != "GET" && route.method != "HEAD";
    request.repeat = route.retry_post ? Repeat::harmless : repeat_of(route.method);
    request.uses_token = route.uses_token;
    auto* bucket = request.route->bucket;
    ++request.route->alive;
    ++bucket->alive;
    bucket->queue.add_new(&request);
    ++request.route->queued;
    if (route.max_wait) ++bucket->impatient;
    // A request behind others waits for what they wait for.
    if (next_request(*bucket) != &request && bucket->impatient == 0) return;
    self.settle(now, bucket, out);
    self.drain(now, out);
}

void Limiter::on_answer(Time now, RequestId id, const Answer& answer, Actions& out) {
    auto& self = *impl_;
    const auto found = self.requests.find(id);
    if (found == self.requests.end() || found->second.state != Request::State::in_flight) return;
    auto& request = found->second;
    const auto info = parse_rate_limit(answer.status, answer.headers, answer.body, answer.received);
    self.round_trips.learn(request.sent, now);
    if (info.date) self.clock.learn(request.sent, now, *info.date);
    self.gates.answered(now, request.uses_token, self.round_trips.certain());

    auto* bucket = request.route->bucket;
    Bucket* left = nullptr;
    if (!info.bucket.empty()) {
        left = self.table.rename(request.route, info.bucket, request.probe);
        if (request.route->bucket != bucket) request.probe = false;
        bucket = request.route->bucket;
    }
    self.take_out_of_flight(request);
    if (answer.status == 401 || answer.status == 403 || answer.status == 429) self.count_refusal(now, id, out);

    const auto ending = ending_of(answer.status);
    if (ending == Ending::rate_limited) {
        self.on_rate_limited(now, request, info, out);
    } else {
        self.gates.host_answers();
        bucket->budget.on_answer({request.sent, now, answer.status, request.probe, info, self.clock, answer.received});
        if (answer.status == 401 && request.uses_token) self.refuse_token(now, request, out);
        if (ending == Ending::server_fault) {
            self.on_failure(now, request, ending, out);
        } else {
            self.finish(request, out);
        }
    }
    if (left != nullptr) {
        self.settle(now, left, out);
        std::vector<Bucket*> split;
        self.table.split_families(split);
        for (auto* changed : split)
            self.settle(now, changed, out);
    }
    self.settle(now, bucket, out);
    self.drain(now, out);
}

void Limiter::on_no_answer(Time now, RequestId id, NoAnswer how, Actions& out) {
    auto& self = *impl_;
    const auto found = self.requests.find(id);
    if (found == self.requests.end() || found->second.state != Request::State::in_flight) return;
    auto& request = found->second;
    auto* bucket = request.route->bucket;
    const auto ending = ending_of(how);
    const bool maybe_counted = ending != Ending::nothing_sent;
    if (maybe_counted) {
        self.gates.answered(now, request.uses_token, {});
    } else {
        self.gates.not_sent(request.uses_token);
    }
    bucket->budget.on_no_answer(now, request.probe, maybe_counted);
    self.take_out_of_flight(request);
    self.on_failure(now, request, ending, out);
    self.settle(now, bucket, out);
    self.drain(now, out);
}

void Limiter::on_cancel(Time now, RequestId id, Actions& out) {
    auto& self = *impl_;
    const auto found = self.requests.find(id);
    if (found == self.requests.end()) return;
    auto& request = found->second;
    auto* bucket = request.route->bucket;
    if (request.state == Request::State::in_flight) {
        self.gates.answered(now, request.uses_token, {});
        bucket->budget.on_no_answer(now, request.probe, true);
        self.take_out_of_flight(request);
    } else {
        self.unqueue(request);
    }
    self.fail(request, FailReason::cancelled, out);
    self.settle(now, bucket, out);
    self.drain(now, out);
}

void Limiter::on_token_changed(Time) {
    impl_->token_refused = false;
    ++impl_->token_generation;
}

void Limiter::on_stop(Time now, Actions& out) {
    impl_->stopped = true;
    impl_->fail_waiting(now, false, FailReason::stopped, out);
}

void Limiter::on_time(Time now, Actions& out) {
    auto& self = *impl_;
    while (!self.retries.empty() && self.retries.top_time() <= now) {
        auto& request = *self.retries.top();
        self.retries.remove(&request);
        self.requeue(request);
        self.settle(now, request.route->bucket, out);
    }
    while (auto* bucket = self.table.first_due(now))
        self.settle(now, bucket, out);
    self.drain(now, out);
    self.table.evict_idle(now);
}

std::optional<Time> Limiter::next_wake() const {
    const auto& table = impl_->table;
    auto wake = table.next_due();
    if (!impl_->retries.empty()) wake = std::min(wake, impl_->retries.top_time());
    for (const bool uses_token : {false, true}) {
        if (table.first_ready(uses_token) != nullptr) wake = std::min(wake, impl_->gates.opens_at(uses_token));
    }
    if (wake == Time::max()) return {};
    return wake;
}

RouteLimits Limiter::route_limits(Time now, std::string_view bucket_key) const {
    const auto* bucket = impl_->table.find(bucket_key);
    if (bucket == nullptr) return {};
    const auto& budget = bucket->budget;
    RouteLimits limits;
    limits.limit = budget.limit();
    limits.remaining = budget.remaining();
    if (const auto end = budget.window_end({}); end && *end > now) limits.reset_in = *end - now;
    limits.in_flight = budget.in_flight();
    limits.queued = bucket->alive - limits.in_flight;
    return limits;
}

bool Limiter::token_refused() const noexcept { return impl_->token_refused; }

std::size_t Limiter::bucket_count() const noexcept { return impl_->table.bucket_count(); }

}  // namespace intent::limits
