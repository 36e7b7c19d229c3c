#include "session/silence_watch.hpp"

#include <algorithm>

namespace intent::session {

void SilenceWatch::start(Time now) noexcept {
    stop();
    answer_end_ = now + answer_time_;
}

void SilenceWatch::on_replay_started(Time now) noexcept {
    answer_end_.reset();
    replay_end_ = now + replay_time_;
    on_event(now);
}

void SilenceWatch::on_up() noexcept {
    answer_end_.reset();
    replay_end_.reset();
    quiet_end_.reset();
}

// `silence_end_` stays: events are frequent, so the check looks at the last one when it is due.
void SilenceWatch::on_event(Time now) noexcept {
    if (!silence_limit_) return;
    last_event_ = now;
    if (!silence_end_) silence_end_ = now + *silence_limit_;
}

void SilenceWatch::stop() noexcept {
    on_up();
    silence_end_.reset();
}

SilenceWatch::Due SilenceWatch::on_time(Time now, bool unread, bool acknowledged) noexcept {
    if (answer_end_ && now >= *answer_end_) {
        const bool frozen = now - *answer_end_ > grace_;
        if (!unread && !frozen) return Due::no_answer;
        answer_end_ = now + quiet_time_;
    }
    if ((quiet_end_ && now >= *quiet_end_) || (replay_end_ && now >= *replay_end_)) {
        if (!unread) {
            on_up();
            return Due::replay_over;
        }
        quiet_end_ = replay_end_ = now + quiet_time_;
    }
    return silence_end_ && now >= *silence_end_ ? check_silence(now, unread, acknowledged) : Due::nothing;
}

SilenceWatch::Due SilenceWatch::check_silence(Time now, bool unread, bool acknowledged) noexcept {
    const Time limit = last_event_ + *silence_limit_;
    if (now < limit) {
        silence_end_ = limit;
        return Due::nothing;
    }
    // While heartbeats are not acknowledged, the heartbeat decides.
    const bool frozen = now - *silence_end_ > grace_;
    if (!unread && !frozen && acknowledged) return Due::no_events;
    silence_end_ = now + grace_;
    return Due::nothing;
}

std::optional<Time> SilenceWatch::next_wake() const noexcept {
    std::optional<Time> wake;
    for (const auto& at : {answer_end_, replay_end_, quiet_end_, silence_end_})
        if (at && (!wake || *at < *wake)) wake = at;
    return wake;
}

}  // namespace intent::session
