#include "limits/limiter_impl.hpp"

namespace intent::inline v0::limits {

Time Gates::blocked_until(bool uses_token) const noexcept {
    return uses_token ? std::max(host_blocked_until_, token_blocked_until_) : host_blocked_until_;
}

Time Gates::opens_at(bool uses_token) const noexcept {
    auto opens = blocked_until(uses_token);
    if (!uses_token) return opens;
    opens = std::max(opens, window_.opens_at());
    if (last_start_ != Time::min() && last_start_ + spacing_ <= spaced_until_) {
        opens = std::max(opens, last_start_ + spacing_);
    }
    return opens;
}

void Gates::started(Time now, bool uses_token) {
    if (!uses_token) return;
    window_.start(now);
    last_start_ = now;
}

void Gates::answered(Time now, bool uses_token, Duration certain) {
    if (uses_token) window_.answered(now, certain);
}

void Gates::not_sent(bool uses_token) noexcept {
    if (uses_token) window_.not_sent();
}

void Gates::block_token(Time until) {
    token_blocked_until_ = std::max(token_blocked_until_, until);
    spaced_until_ = std::max(spaced_until_, token_blocked_until_ + span_);
}

Time Gates::block_host(Time now, Time sent) {
    // Requests sent before the pause began do not extend it.
    if (sent >= host_blocked_since_) {
        host_blocked_until_ = now + host_delay(host_refusals_++);
        host_blocked_since_ = now;
        spaced_until_ = std::max(spaced_until_, host_blocked_until_ + span_);
    }
    return host_blocked_until_;
}

}  // namespace intent::limits
