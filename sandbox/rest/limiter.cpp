#include "sandbox/rest/limiter.hpp"

#include <algorithm>
#include <tuple>

namespace intent::inline v0::sandbox {
namespace {

using std::chrono::milliseconds;

/// Rounded up: a client that waits this long must not come too early.
milliseconds whole_milliseconds(Limiter::Time::duration time) {
    return std::max(std::chrono::ceil<milliseconds>(time), milliseconds(0));
}

/// Requests of the bucket that are used up at `now`.
int used_at(Limiter::Time now, Limiter::Time full, int used, const LimitRule& rule) {
    if (full <= now) return 0;
    if (rule.refill == LimitRule::Refill::whole) return used;
    const auto each = Limiter::Time::duration(rule.window) / rule.limit;
    return static_cast<int>((full - now + each - Limiter::Time::duration(1)) / each);
}

}  // namespace

LimitVerdict Limiter::take(Time now, std::string_view owner, std::string_view bucket, const LimitRule& rule) {
    if (--until_sweep_ == 0) forget_idle(now);
    auto& recent = owners_[std::string(owner)];
    while (!recent.empty() && now - recent.front() >= global_window)
        recent.pop_front();
    const int in_window = static_cast<int>(recent.size());
    if (in_window >= global_limit) {
        const auto wait = whole_milliseconds(recent.front() + global_window - now);
        return {.allowed = false,
                .global = true,
                .limit = global_limit,
                .remaining = 0,
                .reset = wait,
                .retry_after = wait};
    }
    if (bucket.empty()) {
        recent.push_back(now);
        return {.limit = global_limit, .remaining = global_limit - in_window - 1, .reset = global_window};
    }

    const std::string name = std::string(owner) + ' ' + std::string(bucket);
    Bucket& state = buckets_[name];
    state.rule = rule;
    if (rule.long_limit == 0) {
        if (auto refused = refusal(now, state, rule)) return *refused;
        recent.push_back(now);
        return use(now, state, rule);
    }
    const LimitRule long_rule{.limit = rule.long_limit, .window = rule.long_window};
    Bucket& long_state = buckets_[name + " long"];
    long_state.rule = long_rule;
    const auto refused = refusal(now, state, rule);
    const auto long_refused = refusal(now, long_state, long_rule);
    if (long_refused) return *long_refused;
    if (refused) return *refused;
    recent.push_back(now);
    const auto verdict = use(now, state, rule);
    const auto long_verdict = use(now, long_state, long_rule);
    return long_verdict.remaining < verdict.remaining ? long_verdict : verdict;
}

std::optional<LimitVerdict> Limiter::refusal(Time now, const Bucket& bucket, const LimitRule& rule) {
    if (used_at(now, bucket.full, bucket.used, rule) < rule.limit) return std::nullopt;
    const auto full = bucket.full - now;
    const auto each = Time::duration(rule.window) / rule.limit;
    const auto wait = rule.refill == LimitRule::Refill::steady ? full - (rule.limit - 1) * each : full;
    return LimitVerdict{.allowed = false,
                        .limit = rule.limit,
                        .reset = whole_milliseconds(full),
                        .retry_after = whole_milliseconds(wait)};
}

LimitVerdict Limiter::use(Time now, Bucket& bucket, const LimitRule& rule) {
    const int used = used_at(now, bucket.full, bucket.used, rule);
    if (rule.refill == LimitRule::Refill::steady)
        bucket.full = std::max(bucket.full, now) + Time::duration(rule.window) / rule.limit;
    else if (used == 0)
        bucket.full = now + rule.window;
    bucket.used = used + 1;
    return {.limit = rule.limit, .remaining = rule.limit - used - 1, .reset = whole_milliseconds(bucket.full - now)};
}

std::vector<BucketView> Limiter::list(Time now) const {
    std::vector<BucketView> views;
    for (const auto& [key, bucket] : buckets_) {
        const int used = used_at(now, bucket.full, bucket.used, bucket.rule);
        if (used == 0) continue;
        // "user 12 ch:3:msg": owners are two words.
        const auto split = key.find(' ', key.find(' ') + 1);
        views.push_back({.owner = key.substr(0, split),
                         .name = key.substr(split + 1),
                         .limit = bucket.rule.limit,
                         .remaining = bucket.rule.limit - used,
                         .reset = whole_milliseconds(bucket.full - now)});
    }
    std::sort(views.begin(), views.end(),
              [](const auto& a, const auto& b) { return std::tie(a.owner, a.name) < std::tie(b.owner, b.name); });
    return views;
}

void Limiter::forget_idle(Time now) {
    std::erase_if(buckets_, [&](const auto& entry) { return entry.second.full <= now; });
    std::erase_if(
        owners_, [&](const auto& entry) { return entry.second.empty() || now - entry.second.back() >= global_window; });
    until_sweep_ = std::max<std::size_t>(1024, size());
}

}  // namespace intent::sandbox
