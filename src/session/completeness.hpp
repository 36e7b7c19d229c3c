// Up to which time everything that the server sent has certainly been received: where a Gap begins.
#pragma once

#include "session/settings.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace intent::session {

/// Arrival times prove nothing, because frames may be delayed. But an ACK follows everything that the server sent
/// before it received the heartbeat, so an acknowledged heartbeat proves that everything before its sending has
/// arrived. A heartbeat sent during a replay proves nothing: the server may continue the replay while it answers.
class Completeness {
public:
    /// Everything before this time has been received; unset without a session.
    std::optional<Time> until() const noexcept { return until_; }

    /// Where a session begins that the server starts now: at the opening of its connection, or, if it replaces another
    /// session on the same connection, where that one was complete.
    Time session_start() const noexcept { return std::max(opened_, until_.value_or(opened_)); }

    /// Identify or Resume is sent on a new connection.
    void on_open(Time now) noexcept {
        opened_ = now;
        beats_ = acks_ = awaited_ = 0;
    }

    void begin_session(Time start) noexcept { until_ = start; }
    void drop_session() noexcept { until_.reset(); }

    /// RESUMED: the server has replayed everything from before the Resume.
    void on_resumed() noexcept { until_ = opened_; }

    /// A heartbeat is sent. `replaying`: during a replay, or without a session.
    void on_beat(Time now, bool replaying) noexcept {
        ++beats_;
        if (replaying || awaited_ != 0) return;
        awaited_ = beats_;
        awaited_sent_ = now;
    }

    void on_ack() noexcept {
        acks_ = std::min(acks_ + 1, beats_);
        if (awaited_ == 0 || acks_ < awaited_) return;
        until_ = awaited_sent_;
        awaited_ = 0;
    }

    /// Heartbeats sent on this connection.
    std::uint64_t beats() const noexcept { return beats_; }

private:
    std::optional<Time> until_;
    Time opened_{};
    std::uint64_t beats_ = 0;
    std::uint64_t acks_ = 0;     // received, at most beats_
    std::uint64_t awaited_ = 0;  // the number of the heartbeat whose ACK is the next proof; 0: none is awaited
    Time awaited_sent_{};
};

}  // namespace intent::session
