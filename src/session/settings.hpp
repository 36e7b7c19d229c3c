// The settings of a session machine.
#pragma once

#include "text/redactor.hpp"

#include <intent/limits.hpp>
#include <intent/raw/gateway.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::session {

/// A moment, as the machine sees it: only the type. The caller reads the clock.
using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::milliseconds;

/// A session that an earlier process left, with all that Resume needs (protocol §5).
struct SavedSession {
    std::string session_id;  ///< empty: the server sent none, so later events are certainly lost
    std::uint64_t seq = 0;   ///< of the last event that was handled
    friend bool operator==(const SavedSession&, const SavedSession&) = default;
};

/// The protocol's times and counts (protocol §5), adjustable for tests and for hosts of their own servers.
struct Schedule {
    Duration backoff_first{1'000};  ///< doubles with every attempt
    Duration backoff_cap{30'000};
    double backoff_jitter = 0.25;  ///< each delay varies by ± this fraction

    /// Minimum time between any two Identify or Resume frames, across reconnects: 5 s, and a little more because the
    /// server measures arrivals and we measure departures.
    Duration identify_spacing{5'050};

    Duration ready_deadline{20'000};  ///< from open to Ready, or to the first event after a Resume

    /// A replay without RESUMED ends after this long without an event, at the latest this long after its first event.
    Duration replay_quiet{2'000};
    Duration replay_deadline{20'000};

    Duration invalid_session_min{1'000};  ///< the minimum random wait after op 8
    Duration invalid_session_max{5'000};
    unsigned invalid_sessions_until_stop = 5;  ///< op 8 in a row straight after Identify
    Duration rate_limited_pause{5'000};        ///< the minimum wait after 4008
    unsigned resumes_without_event = 3;        ///< in a row, then identify again

    Duration interval_min = limits::min_heartbeat_interval;
    Duration interval_max = limits::max_heartbeat_interval;
    Duration interval_default{41'250};  ///< replaces an invalid `heartbeat_interval`
    unsigned misses_until_dead = 3;
    Duration probe{10'000};           ///< for an ACK after the process was frozen
    unsigned replies_per_second = 3;  ///< to heartbeat requests (op 1)

    std::size_t send_limit = limits::frames_per_minute;  ///< frames in any `send_window`
    Duration send_window{60'000};
    std::size_t command_queue_limit = 1'000;
    std::size_t frame_limit = limits::sent_frame_bytes;  ///< bytes of one frame that we send

    unsigned refused_frames_until_stop = 3;  ///< closes with 4002 or 4009 within `refused_frames_window`
    Duration refused_frames_window{600'000};
    unsigned undecodable_until_reconnect = 100;  ///< in a row
    unsigned text_frames_until_reconnect = 10;   ///< in a row

    /// Identifies (not Resumes) in 24 h: the first number causes a warning, the second makes further ones wait.
    std::size_t identify_budget_warning = 800;
    std::size_t identify_budget_limit = 950;
};

/// When Identify and Resume were sent. Passed from one machine to the next with the same token, because the server
/// counts them together (protocol §5).
struct PastOpenings {
    std::optional<Time> last = {};      ///< of either
    std::vector<Time> identifies = {};  ///< of the last 24 h, ascending
};

/// What `on_stop` does with the session.
enum class AtStop {
    end_session,   ///< close 1000: the server forgets the session
    keep_session,  ///< close 4000 if the session can be resumed, for the next process (`SavedSession`)
};

/// What to do when the server skips numbers on a live connection. The gap is reported in any case.
enum class AtGap {
    go_on,   ///< accepts the event behind the gap
    resume,  ///< reconnects and resumes from the last number before the gap, if the session can be resumed
};

struct Settings {
    std::optional<std::uint32_t> intents = {};  ///< left out of Identify if unset (protocol §7)
    raw::IdentifyProperties properties = {};
    std::uint64_t random_seed = 0;  ///< for jitter: give every machine its own
    std::optional<SavedSession> saved = {};
    AtStop at_stop = AtStop::end_session;
    AtGap at_gap = AtGap::go_on;
    std::optional<Duration> silence_limit = {};  ///< reconnect after this long without an event; unset: never
    PastOpenings openings = {};
    text::Redactor secrets = {};  ///< secrets to redact from all texts, in addition to the tokens of `on_open`
    Schedule schedule = {};
};

}  // namespace intent::session
