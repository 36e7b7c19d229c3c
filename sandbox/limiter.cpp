#include "sandbox/limiter.hpp"

#include <algorithm>
#include <tuple>

namespace intent::sandbox {
namespace {

using std::chrono::milliseconds;

/// Rounded up: who waits as long as told must not come too early.
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

    Bucket& state = buckets_[std::string(owner) + ' ' + std::string(bucket)];
    state.rule = rule;
    const int used = used_at(now, state.full, state.used, rule);
    const bool steady = rule.refill == LimitRule::Refill::steady;
    const auto each = Time::duration(rule.window) / rule.limit;
    if (used >= rule.limit) {
        const auto full = state.full - now;
        const auto wait = steady ? full - (rule.limit - 1) * each : full;
        return {.allowed = false,
                .limit = rule.limit,
                .reset = whole_milliseconds(full),
                .retry_after = whole_milliseconds(wait)};
    }
    recent.push_back(now);
    if (steady)
        state.full = std::max(state.full, now) + each;
    else if (used == 0)
        state.full = now + rule.window;
    state.used = used + 1;
    return {.limit = rule.limit, .remaining = rule.limit - used - 1, .reset = whole_milliseconds(state.full - now)};
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
