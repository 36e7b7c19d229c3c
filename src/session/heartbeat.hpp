// The heartbeat of one connection: when to beat, and when the peer is dead (protocol §5).
#pragma once

#include "session/settings.hpp"

#include <chrono>
#include <optional>

namespace intent::session {

/// Beats every interval and counts beats without an ACK. Call `stop` when the connection ends; the next one starts
/// fresh.
class Heartbeat {
public:
    enum class Due {
        nothing,
        beat,  ///< send a heartbeat now
        dead,  ///< three beats without an ACK, or no ACK within the probe time: cut the connection
    };

    explicit Heartbeat(const Schedule& schedule) noexcept
        : misses_until_dead_(schedule.misses_until_dead), probe_(schedule.probe) {}

    /// The first beat is due at `first`.
    void start(Duration interval, Time first) noexcept;

    /// Changes the interval on the same connection. The next beat stays due, or is moved earlier.
    void change(Time now, Duration interval) noexcept;

    void stop() noexcept;

    bool running() const noexcept { return interval_.has_value(); }
    std::optional<Duration> interval() const noexcept { return interval_; }

    /// Call at `next_wake`. `unread`: received bytes are still unread, so no miss counts.
    ///
    /// A beat that is more than two intervals late means that the process was frozen. One beat then replaces the many
    /// missed ones, misses are cleared, and the peer gets the probe time for an ACK.
    Due on_time(Time now, bool unread) noexcept;

    /// The computer was suspended and its clock stood still. A beat is due at once, and the peer gets the probe time
    /// for its ACK.
    void on_suspended(Time now) noexcept;

    /// True if a beat was waiting for this ACK.
    bool on_ack(Time now) noexcept;

    /// Whether no beat has been waiting for its ACK for an interval or more.
    bool acknowledged(Time now) const noexcept {
        return interval_ && (!unanswered_since_ || now - *unanswered_since_ < *interval_);
    }

    std::optional<Time> next_wake() const noexcept;

    /// Of the last acknowledged beat on any connection.
    std::optional<std::chrono::nanoseconds> latency() const noexcept { return latency_; }

private:
    unsigned misses_until_dead_;
    Duration probe_;
    std::optional<Duration> interval_;
    Time next_{};
    std::optional<Time> unanswered_since_;  // the first beat since the last ACK
    unsigned misses_ = 0;
    std::optional<Time> probe_until_;
    std::optional<std::chrono::nanoseconds> latency_;
};

}  // namespace intent::session
