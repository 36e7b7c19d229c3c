// The gateway session machine: from connect to resume, without a socket (protocol §3-§6).
#pragma once

#include "codec/frame.hpp"
#include "session/actions.hpp"
#include "session/backoff.hpp"
#include "session/command_queue.hpp"
#include "session/completeness.hpp"
#include "session/heartbeat.hpp"
#include "session/identify_pacing.hpp"
#include "session/send_limiter.hpp"
#include "session/settings.hpp"
#include "session/silence_watch.hpp"
#include "text/random.hpp"
#include "text/redactor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::session {

/// What the machine waits for.
enum class State {
    idle,              ///< `on_start`
    waiting,           ///< the time of the next attempt (back-off, pacing)
    connecting,        ///< `on_open` or `on_connect_failed`
    awaiting_ready,    ///< Ready: Identify is sent
    awaiting_resumed,  ///< the first event: Resume is sent
    replaying,         ///< the end of the replay: a first event has come
    ready,             ///< nothing: events and commands flow
    stopped,           ///< nothing; final
};

/// Anomalies and other countable occurrences since the machine was made.
struct Counters {
    std::uint64_t dispatches = 0;           ///< delivered
    std::uint64_t duplicates = 0;           ///< dispatches dropped because their `s` was not above the last one
    std::uint64_t gaps = 0;                 ///< `SequenceGap`s
    std::uint64_t nameless_dispatches = 0;  ///< dispatches dropped because they had no `t`
    std::uint64_t text_frames = 0;
    std::uint64_t undecodable_frames = 0;  ///< includes frames without a usable opcode
    std::uint64_t unknown_opcodes = 0;
    std::uint64_t heartbeats = 0;          ///< sent on schedule
    std::uint64_t heartbeat_requests = 0;  ///< op 1 from the server, answered or not
    std::uint64_t unasked_acks = 0;
    std::uint64_t identifies = 0;
    std::uint64_t resumes = 0;     ///< frames Resume sent
    std::uint64_t sessions = 0;    ///< `SessionReady`s
    std::uint64_t resumed = 0;     ///< `SessionResumed`s
    std::uint64_t losses = 0;      ///< `SessionLost`s
    std::uint64_t reconnects = 0;  ///< `Reconnecting`s
};

/// Runs one gateway session after another until it is stopped. A value: no socket, clock, thread or log inside.
///
/// How to drive it: make one `Actions` and reuse it. For each occurrence call the matching input with its time,
/// execute the appended actions in order, and clear the container. Arm one timer for `next_wake()` and call `on_time`
/// when it fires; extra or early calls of `on_time` do nothing. After `CloseSocket` or `AbortSocket` pass nothing of
/// that socket to the machine. The views from `on_binary` point into its bytes: execute the actions while the bytes
/// live. Call `on_backlog` before `on_time` and on every change. Inputs that do not fit the state are ignored. When
/// the timer fires while bytes are readable, read first.
///
/// For pacing, the machine delays `OpenSocket`, never the Identify of an open socket: `on_open` sends that at once.
class Session {
public:
    explicit Session(Settings settings);

    /// Continues a session of an earlier process. Only before `on_start`.
    void restore(SavedSession saved);

    /// Opens the first socket: at once, or when `Settings::openings` allows an Identify or Resume again.
    void on_start(Time now, Actions& out);

    /// Ends everything, in any state: closes an open socket (1000, see `AtStop`) or aborts an attempt, then returns
    /// `Stopped`.
    void on_stop(Time now, Actions& out);

    /// The socket is open: sends Resume if there is a session to resume, otherwise Identify. `token` is passed each
    /// time because it may change. It is not kept, and appears only in the `SendFrame` that is marked secret.
    void on_open(Time now, std::string_view token, Actions& out);

    /// The attempt failed. `retry_after` (of a refused upgrade) is the minimum delay of the next one.
    void on_connect_failed(Time now, std::string_view text, std::optional<Duration> retry_after, Actions& out);

    void on_binary(Time now, codec::ByteView message, Actions& out);

    /// A fast path for nearly all messages of a busy session. Accepts the message and returns the event, as a
    /// `Deliver` would, if it is the next event and needs no other action. Otherwise nothing changes, and the message
    /// must go to `on_binary`.
    bool accept_event(codec::ByteView message, codec::Frame& event);

    /// The same in two steps, for a MESSAGE_CREATE that the caller decodes: true if the message would be accepted,
    /// provided that `event.data` is exactly one value (`codec::expect_message`). Then `take_event` accepts it;
    /// otherwise the message goes to `accept_event`.
    bool expects_message(codec::ByteView message, codec::Frame& event) const noexcept;
    void take_event(const codec::Frame& event) noexcept;
    void on_text(Time now, codec::ByteView message, Actions& out);

    /// The server closed, or the connection broke (1006: without a close frame; 1005: close frame without a code).
    void on_closed(Time now, int code, std::string_view reason, Actions& out);

    /// A command of the user: op 4, 7, 10 or 12, with `data`, its `d`, as one MessagePack value. Sent at once if the
    /// session is ready and the send limit allows it. Otherwise the latest presence (10) and the latest voice state
    /// (4) for each server wait, voice signals (12) wait in order, and a member request (7) fails unless the session
    /// is ready. A new session is sent the last presence again; nothing else is ever sent twice.
    void on_command(Time now, CommandId id, codec::Opcode op, codec::ByteView data, Actions& out);

    /// Whether received bytes are still unread: while they are, missing ACKs do not count.
    void on_backlog(bool unread) noexcept { unread_ = unread; }

    /// The computer was suspended, and the clock did not count that time. Sends a heartbeat at once, and cuts the
    /// connection if no ACK arrives within `Schedule::probe`.
    void on_suspended(Time now, Actions& out);

    void on_time(Time now, Actions& out);

    /// When to call `on_time`; unset in `idle`, `connecting` (the transport has its own deadline) and `stopped`.
    std::optional<Time> next_wake() const;

    State state() const noexcept { return state_; }

    /// The last sequence number delivered in this session.
    std::optional<std::uint64_t> seq() const noexcept { return seq_; }

    /// Set while the session could be resumed, also by the next process (`AtStop::keep_session`).
    const std::optional<std::string>& session_id() const noexcept { return session_id_; }

    /// Everything that happened before this time has certainly been received (Completeness). Unset without a session.
    std::optional<Time> complete_until() const noexcept { return completeness_.until(); }

    /// For the next machine of the same token.
    const PastOpenings& openings() const noexcept { return pacing_.past(); }

    /// The time from the last acknowledged heartbeat to its ACK.
    std::optional<std::chrono::nanoseconds> latency() const noexcept { return heartbeat_.latency(); }

    /// The interval of the running heartbeat; unset while none runs.
    std::optional<Duration> heartbeat_interval() const noexcept { return heartbeat_.interval(); }

    std::size_t queued_commands() const noexcept { return queue_.size(); }
    const Counters& counters() const noexcept { return counters_; }

private:
    struct Loss {
        std::optional<Time> from;
        std::string reason;
    };

    // State of the open socket; dropped with it.
    struct Socket {
        bool ready_seen = false;
        bool interval_assumed = false;  // the heartbeat runs, but no Hello, Ready or event has started it
        std::size_t replayed = 0;
        bool fallen = false;  // a fall of the numbers was reported, and they are not above the last one again
        std::uint64_t bad_frames = 0;
        unsigned text_in_row = 0;
        unsigned undecodable_in_row = 0;
        Time reply_second{};
        unsigned replies = 0;  // to heartbeat requests, since reply_second
        codec::Opcode last_op = codec::Opcode::identify;
        std::optional<CommandId> last_command;
        bool last_command_is_presence = false;
        std::optional<CommandId> last_voice;
    };

    // session.cpp: the life of connections
    bool is_open() const noexcept;
    bool beating() const noexcept;
    bool can_resume() const noexcept;
    Opening next_opening() const noexcept;
    void expect_silence(Time now);
    void drop_session(std::string_view reason);
    void close_socket(std::uint16_t code, std::string_view reason, Actions& out);
    void disconnected(int code, std::string reason, bool stopping, Actions& out);
    void reconnect(Time now, Duration delay, Actions& out);
    void close_and_reconnect(Time now, std::string_view reason, Duration delay, Actions& out);
    void close_and_back_off(Time now, std::string_view reason, Actions& out);
    void open_socket(Actions& out);
    void on_refused_frame(Time now, int code, std::string_view meaning, Actions& out);
    void on_refused_voice(int code, std::string_view meaning, Actions& out);
    void stop(StopReason reason, int code, std::string text, Actions& out);
    void check_deadlines(Time now, Actions& out);

    // session_frames.cpp: frames from the server
    bool takes_events_at_once() const noexcept;
    bool is_next(std::uint64_t seq) const noexcept;
    void on_frame(Time now, const codec::Frame& frame, Actions& out);
    void on_dispatch(Time now, const codec::Frame& frame, Actions& out);
    bool fills_gap_by_resume(Time now, const codec::Frame& frame, Actions& out);
    bool accept_sequence(const codec::Frame& frame, Actions& out);
    bool rose(std::uint64_t next, Actions& out);
    void on_ready(Time now, codec::ByteView data, Actions& out);
    bool continues_session(const std::optional<std::string>& id) const noexcept;
    void begin_session(Time now, codec::ByteView data, Actions& out);
    void on_resume_taken(Time now);
    void finish_replay(Actions& out);
    void on_hello(Time now, codec::ByteView data, Actions& out);
    void on_heartbeat_ack(Time now, Actions& out);
    void on_heartbeat_request(Time now, Actions& out);
    void on_reconnect_request(Time now, Actions& out);
    void on_invalid_session(Time now, codec::ByteView data, Actions& out);
    void on_undecodable(Time now, std::string_view what, Actions& out);
    void on_bad_frame(std::string_view what, Actions& out);
    void take_interval(Time now, codec::ByteView data, std::string_view source, Actions& out);
    void start_heartbeat(Time now, Duration interval, Time first);
    void beat(Time now, Actions& out);
    void run_heartbeat(Time now, Actions& out);

    // session_commands.cpp: commands from the user
    void send_commands(Time now, Actions& out);
    void renew_presence();
    void fail_queued(codec::Opcode op, CommandFailure why, std::string_view text, Actions& out);
    void fail_all_queued(CommandFailure why, std::string_view text, Actions& out);

    Settings settings_;
    text::Random random_;
    Backoff backoff_;
    IdentifyPacing pacing_;
    SendLimiter limiter_;
    Heartbeat heartbeat_;
    SilenceWatch silence_;
    Completeness completeness_;
    CommandQueue queue_;
    Counters counters_;
    text::Redactor secrets_;  // of the settings, and the tokens of the last opens

    State state_ = State::idle;
    Time open_at_{};  // in State::waiting
    Socket socket_;
    bool unread_ = false;

    std::optional<std::string> session_id_;
    std::optional<std::uint64_t> seq_;
    bool had_session_ = false;
    bool session_alive_ = false;                // a session was up and has not been given up since
    std::optional<Duration> session_interval_;  // the answer to a Resume may not name one
    std::optional<Loss> loss_;                  // to report with the next Ready
    std::optional<codec::Bytes> presence_;      // the frame of the last one sent, unless it was refused

    unsigned attempt_ = 0;
    unsigned invalid_in_row_ = 0;
    unsigned resumes_in_row_ = 0;
    std::vector<Time> refused_frames_;
};

}  // namespace intent::session
