// The deadlines of one connection: how long the server may send nothing (protocol §5).
#pragma once

#include "session/settings.hpp"

#include <optional>

namespace intent::session {

/// Watches for the answer to Identify or Resume, for the end of a replay, and for a session without events. A server
/// that does not acknowledge heartbeats is detected by `Heartbeat`.
///
/// How to drive it: `start` when Identify or Resume is sent, then the `on_` functions for what arrives, `stop` when the
/// connection ends. Call `on_time` at `next_wake()`, again while it returns `replay_over`.
///
/// Unread bytes may contain the awaited frame, and a late check means that the process was frozen. In both cases the
/// deadline is extended, so that what has arrived is read first.
class SilenceWatch {
public:
    enum class Due {
        nothing,
        no_answer,    ///< neither Ready nor, after a Resume, an event arrived in time: reconnect
        replay_over,  ///< a replay ended without RESUMED
        no_events,    ///< heartbeats are acknowledged, but no event arrived within the silence limit: reconnect
    };

    SilenceWatch(const Schedule& schedule, std::optional<Duration> silence_limit) noexcept
        : answer_time_(schedule.ready_deadline),
          quiet_time_(schedule.replay_quiet),
          replay_time_(schedule.replay_deadline),
          grace_(schedule.probe),
          silence_limit_(silence_limit) {}

    /// Identify or Resume is sent.
    void start(Time now) noexcept;

    /// The Resume is accepted.
    void on_replay_started(Time now) noexcept;

    /// An event of a replay.
    void on_replayed(Time now) noexcept { quiet_end_ = now + quiet_time_; }

    /// The session is up and no replay is running.
    void on_up() noexcept;

    /// An event, or a Ready.
    void on_event(Time now) noexcept;

    void stop() noexcept;

    /// `unread`: received bytes are still unread. `acknowledged`: see Heartbeat.
    Due on_time(Time now, bool unread, bool acknowledged) noexcept;

    std::optional<Time> next_wake() const noexcept;

private:
    Due check_silence(Time now, bool unread, bool acknowledged) noexcept;

    Duration answer_time_;
    Duration quiet_time_;
    Duration replay_time_;
    Duration grace_;
    std::optional<Duration> silence_limit_;
    std::optional<Time> answer_end_;
    std::optional<Time> replay_end_;   // latest end of a replay
    std::optional<Time> quiet_end_;    // its end if no more events arrive
    std::optional<Time> silence_end_;  // when to check the time of the last event; only with a silence limit
    Time last_event_{};
};

}  // namespace intent::session
