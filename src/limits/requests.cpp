#include "limits/limiter_impl.hpp"

#include <algorithm>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;

constexpr Duration wait_guard = 5ms;  // `retry_after` may be rounded to milliseconds
constexpr Duration max_reset_wait = 15min;
constexpr Duration refusal_window = 10min;
constexpr int refusals_per_notice = 1000;

/// The wait that a 429 requests: `Retry-After` or `retry_after`, otherwise `Reset`.
std::optional<Duration> wait_of(const RateLimitInfo& info, const ServerClock& clock, Time now) {
    if (info.retry_after) return *info.retry_after + wait_guard;
    if (!info.reset || !clock.known()) return {};
    const auto wait = clock.latest(*info.reset + 1s) - now;
    if (wait <= Duration::zero() || wait > max_reset_wait) return {};
    return wait;
}

}  // namespace

void Limiter::Impl::on_rate_limited(Time now, Request& request, const RateLimitInfo& info, Actions& out) {
    auto& budget = request.route->bucket->budget;
    const auto wait = wait_of(info, clock, now);
    if (!wait) {
        budget.on_no_answer(now, request.probe, true);
        const auto until = gates.block_host(now, request.sent);
        out.push_back(Notice{NoticeKind::host_limited, request.id, until - now});
    } else if (info.global && request.uses_token) {
        budget.on_no_answer(now, request.probe, true);
        gates.block_token(now + *wait);
        out.push_back(Notice{NoticeKind::token_limited, request.id, *wait});
    } else {
        budget.on_limited(now, now + *wait, request.probe, info);
        out.push_back(Notice{NoticeKind::bucket_limited, request.id, *wait});
    }
    const bool refused = token_refused && request.uses_token;
    if (++request.limited_tries >= max_rate_limited_tries || stopped || refused) return finish(request, out);
    requeue(request);
}

void Limiter::Impl::on_failure(Time now, Request& request, Ending ending, Actions& out) {
    const auto delay = retry_delay(ending, request.repeat, request.failed_tries, random.next());
    const bool refused = token_refused && request.uses_token;
    if (!delay || stopped || refused) return finish(request, out);
    ++request.failed_tries;
    request.not_before = now + *delay;
    out.push_back(Notice{NoticeKind::retrying, request.id, *delay});
    if (request.ordered) return requeue(request);
    request.state = Request::State::between_tries;
    retries.set(&request, request.not_before);
}

void Limiter::Impl::take_out_of_flight(Request& request) noexcept {
    --request.route->in_flight;
    if (request.ordered) {
        --request.route->writers;
        --request.route->bucket->writers;
    }
}

void Limiter::Impl::finish(Request& request, Actions& out) {
    out.push_back(Finish{request.id});
    erase(request);
}

void Limiter::Impl::fail(Request& request, FailReason reason, Actions& out) {
    out.push_back(Fail{request.id, reason});
    erase(request);
}

void Limiter::Impl::erase(Request& request) {
    --request.route->alive;
    --request.route->bucket->alive;
    requests.erase(request.id);
}

void Limiter::Impl::unqueue(Request& request) noexcept {
    if (request.state == Request::State::between_tries) retries.remove(&request);
    if (request.state != Request::State::queued) return;
    auto* bucket = request.route->bucket;
    bucket->queue.remove(&request);
    --request.route->queued;
    if (request.max_wait != Duration::max()) --bucket->impatient;
}

void Limiter::Impl::requeue(Request& request) {
    auto* bucket = request.route->bucket;
    request.state = Request::State::queued;
    bucket->queue.add_returned(&request);
    ++request.route->queued;
    if (request.max_wait != Duration::max()) ++bucket->impatient;
}

void Limiter::Impl::fail_waiting(Time now, bool only_token, FailReason reason, Actions& out) {
    std::vector<RequestId> ids;
    for (const auto& [id, request] : requests) {
        if (request.state == Request::State::in_flight || (only_token && !request.uses_token)) continue;
        ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    for (const auto id : ids) {
        const auto found = requests.find(id);
        if (found == requests.end()) continue;
        auto* bucket = found->second.route->bucket;
        unqueue(found->second);
        fail(found->second, reason, out);
        settle(now, bucket, out);
    }
}

void Limiter::Impl::refuse_token(Time now, const Request& request, Actions& out) {
    if (token_refused || request.token_generation != token_generation) return;
    token_refused = true;
    out.push_back(Notice{NoticeKind::token_refused, request.id});
    fail_waiting(now, true, FailReason::unauthorized, out);
}

void Limiter::Impl::count_refusal(Time now, RequestId id, Actions& out) {
    if (now - refusals_since > refusal_window) {
        refusals_since = now;
        refusals = 0;
    }
    if (++refusals % refusals_per_notice == 0) out.push_back(Notice{NoticeKind::many_refusals, id});
}

void Limiter::Impl::settle(Time now, Bucket* bucket, Actions& out) {
    auto* first = next_request(*bucket);
    if (first == nullptr) {
        if (bucket->alive > 0) return table.set_waiting(bucket, Time::max());
        return table.set_idle(bucket, now);
    }
    auto ready = Time::max();
    if (bucket->writers == 0 && !(first->ordered && bucket->budget.in_flight() > 0)) {
        ready = std::max(bucket->budget.ready_at(round_trips.certain()), first->not_before);
    }
    if (bucket->impatient > 0 && ready != Time::max()) {
        fail_impatient(bucket, std::max({ready, now, gates.blocked_until(first->uses_token)}), out);
        if (next_request(*bucket) != first) return settle(now, bucket, out);
    }
    if (ready <= now)
        table.set_ready(bucket, first->uses_token);
    else
        table.set_waiting(bucket, ready);
}

void Limiter::Impl::fail_impatient(Bucket* bucket, Time ready, Actions& out) {
    for (auto* request = bucket->queue.front(); request != nullptr;) {
        auto* next = request->after;
        if (ready - request->submitted > request->max_wait) {
            unqueue(*request);
            fail(*request, FailReason::wait_too_long, out);
        }
        request = next;
    }
}

void Limiter::Impl::drain(Time now, Actions& out) {
    for (const bool uses_token : {false, true}) {
        for (Bucket* bucket; gates.opens_at(uses_token) <= now && (bucket = table.first_ready(uses_token));)
            start_first(now, bucket, out);
    }
}

void Limiter::Impl::start_first(Time now, Bucket* bucket, Actions& out) {
    // While the bucket waited for a gate, the estimate of the round trips may have become less certain.
    if (bucket->budget.ready_at(round_trips.certain()) > now) return settle(now, bucket, out);
    auto& request = *next_request(*bucket);
    unqueue(request);
    request.state = Request::State::in_flight;
    request.sent = now;
    request.token_generation = token_generation;
    request.probe = bucket->budget.start(now);
    ++request.route->in_flight;
    if (request.ordered) {
        ++request.route->writers;
        ++bucket->writers;
    }
    gates.started(now, request.uses_token);
    out.push_back(Start{request.id});
    settle(now, bucket, out);
}

}  // namespace intent::limits
