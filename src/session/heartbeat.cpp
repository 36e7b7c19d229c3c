#include "session/heartbeat.hpp"

#include <algorithm>

namespace intent::session {

void Heartbeat::start(Duration interval, Time first) noexcept {
    stop();
    interval_ = interval;
    next_ = first;
}

void Heartbeat::change(Time now, Duration interval) noexcept {
    interval_ = interval;
    next_ = std::min(next_, now + interval);
}

void Heartbeat::stop() noexcept {
    interval_.reset();
    unanswered_since_.reset();
    misses_ = 0;
    probe_until_.reset();
}

Heartbeat::Due Heartbeat::on_time(Time now, bool unread) noexcept {
    if (!interval_) return Due::nothing;
    const bool frozen = now - next_ > 2 * *interval_;
    if (probe_until_ && now >= *probe_until_ && !frozen) {
        // A late check indicates a delay of this process rather than of the peer.
        if (!unread && now - *probe_until_ < probe_) return Due::dead;
        probe_until_ = now + probe_;
    }
    if (now < next_) return Due::nothing;

    if (frozen) {
        misses_ = 0;
        probe_until_ = now + probe_;
    } else if (unanswered_since_ && !unread && !probe_until_ && ++misses_ >= misses_until_dead_) {
        return Due::dead;
    }
    if (!unanswered_since_) unanswered_since_ = now;
    next_ += *interval_;
    // After a late beat the next one must not follow immediately: the peer needs time for its ACK.
    if (next_ - now < *interval_ / 2) next_ = now + *interval_;
    return Due::beat;
}

void Heartbeat::on_suspended(Time now) noexcept {
    if (!interval_) return;
    misses_ = 0;
    next_ = now;
    probe_until_ = now + probe_;
}

bool Heartbeat::on_ack(Time now) noexcept {
    if (!unanswered_since_) return false;
    latency_ = std::max(now - *unanswered_since_, Time::duration::zero());
    unanswered_since_.reset();
    misses_ = 0;
    probe_until_.reset();
    return true;
}

std::optional<Time> Heartbeat::next_wake() const noexcept {
    if (!interval_) return std::nullopt;
    return probe_until_ ? std::min(next_, *probe_until_) : next_;
}

}  // namespace intent::session
