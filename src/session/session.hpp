// The gateway session machine: from connect to resume, without a socket (protocol §3-§6).
#pragma once

#include "codec/frame.hpp"
#include "session/actions.hpp"
#include "session/backoff.hpp"
#include "session/command_queue.hpp"
#include "session/heartbeat.hpp"
#include "session/identify_pacing.hpp"
#include "session/random.hpp"
#include "session/send_limiter.hpp"
#include "session/settings.hpp"
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
    stopped,           ///< nothing, for ever
};

/// What was met and survived, since the machine was made.
struct Counters {
    std::uint64_t dispatches = 0;           ///< handed out
    std::uint64_t duplicates = 0;           ///< dispatches dropped: their `s` was not above the last one
    std::uint64_t gaps = 0;                 ///< `SequenceGap`s
    std::uint64_t nameless_dispatches = 0;  ///< dispatches dropped: no `t`
    std::uint64_t text_frames = 0;
    std::uint64_t undecodable_frames = 0;  ///< also frames without a usable opcode
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

/// One gateway session after another, until it is stopped. A value: no socket, clock, thread or log inside.
///
/// How to drive it: make an `Actions`, keep it. Call the input that fits what happened with the time it happened at,
/// carry the appended actions out in order, clear the container, arm one timer for `next_wake()` and call `on_time`
/// then. Extra or early calls of `on_time` do nothing. After `CloseSocket` or `AbortSocket` let nothing of that socket
/// reach the machine. `on_binary` gives views into its bytes: carry out before the bytes go. Call `on_backlog` before
/// `on_time` and whenever it changes. Inputs that do not fit the state are ignored. When the timer fires together with
/// bytes to read, read first.
///
/// Pacing is done by holding `OpenSocket` back, never an open socket's Identify: that one goes out in `on_open`, at
/// once.
///
/// Threads: distinct objects: safe. Shared objects: unsafe.
class Session {
public:
    explicit Session(Settings settings);

    /// Opens the first socket: at once, or when `Settings::openings` allows an Identify or Resume again.
    void on_start(Time now, Actions& out);

    /// Ends everything, in any state: close of an open socket (1000, see `AtStop`), abort of an attempt, then
    /// `Stopped`.
    void on_stop(Time now, Actions& out);

    /// The socket is open: sends Resume if there is a session to resume, else Identify. `token` is given each time,
    /// because it may change; it is not kept, and stands in no action but the `SendFrame` that is marked secret.
    void on_open(Time now, std::string_view token, Actions& out);

    /// The attempt failed. `retry_after` (of a refused upgrade) is a floor for the next one.
    void on_connect_failed(Time now, std::string_view text, std::optional<Duration> retry_after, Actions& out);

    void on_binary(Time now, codec::ByteView message, Actions& out);

    /// A short way for nearly all messages of a busy session: if this one is the event that is due, and delivering it
    /// is all that there is to do, it is accepted and given out, as by a `Deliver`. If not, nothing has happened, and
    /// the message is for `on_binary`.
    bool accept_event(codec::ByteView message, codec::Frame& event);
    void on_text(Time now, codec::ByteView message, Actions& out);

    /// The last message given to `on_binary` did not reach the user, for want of memory: a Resume asks for it again,
    /// and a Ready is followed by a new Identify. The caller closes the connection.
    void on_undelivered();

    /// The server closed, or the connection broke (1006: no close frame, 1005: one without a code).
    void on_closed(Time now, int code, std::string_view reason, Actions& out);

    /// A command of the user: op 4, 7, 10 or 12, `data` its `d` as one MessagePack value. Sent at once if the session
    /// is ready and the send limit allows it. Else: of presences (10) the latest waits, of voice states (4) the latest
    /// for each server, voice signals (12) wait in order, a member request (7) fails unless the session is ready. A new
    /// session is sent the last presence again; nothing else is ever sent twice.
    void on_command(Time now, CommandId id, codec::Opcode op, codec::ByteView data, Actions& out);

    /// Whether bytes that have arrived are still unread: while they are, no missing ACK is held against the server.
    void on_backlog(bool unread) noexcept;

    /// The computer was suspended, and the clock did not count that: the connection is asked for a sign of life at
    /// once, and cut if none comes within `Schedule::probe`.
    void on_suspended(Time now, Actions& out);

    void on_time(Time now, Actions& out);

    /// When `on_time` wants to be called; unset in `idle`, `connecting` (the transport has its own deadline) and
    /// `stopped`.
    std::optional<Time> next_wake() const;

    State state() const noexcept;

    /// The last sequence number handed out in this session.
    std::optional<std::uint64_t> seq() const noexcept;

    /// Set while the session could be resumed, also by the next process (`AtStop::keep_session`).
    const std::optional<std::string>& session_id() const noexcept;

    /// What happened before has been received, for certain: frames may have been on their way for long, so no arrival
    /// tells, but an ACK stands behind all that the server sent before our heartbeat. Unset without a session.
    std::optional<Time> complete_until() const noexcept;

    /// For the next machine of the same token.
    const PastOpenings& openings() const noexcept;

    /// From the last acknowledged heartbeat to its ACK.
    std::optional<std::chrono::nanoseconds> latency() const noexcept;

    /// The running heartbeat's interval; unset while none runs.
    std::optional<Duration> heartbeat_interval() const noexcept;

    std::size_t queued_commands() const noexcept;
    const Counters& counters() const noexcept;

private:
    struct Loss {
        std::optional<Time> from;
        std::string reason;
    };

    // What is known of the open socket; forgotten with it.
    struct Socket {
        bool ready_seen = false;
        Time opened{};                  // when Identify or Resume was sent
        bool interval_assumed = false;  // the heartbeat runs, but no Hello, Ready or event has begun it
        std::optional<Time> ready_deadline;
        std::optional<Time> replay_end;   // latest end of a replay without RESUMED
        std::optional<Time> quiet_end;    // the same, if nothing more comes
        std::optional<Time> silence_end;  // when to look whether `last_event` is too long ago
        Time last_event{};                // or Ready; only with a silence limit
        std::size_t replayed = 0;
        bool fallen = false;  // a fall of the numbers was reported, and they are not above the last one again
        std::uint64_t bad_frames = 0;
        unsigned text_in_row = 0;
        unsigned undecodable_in_row = 0;
        std::uint64_t beats = 0;  // sent
        std::uint64_t acks = 0;   // received, at most so many
        std::uint64_t proof = 0;  // the number of the beat that was sent at `proof_sent`; 0: none is awaited
        Time proof_sent{};
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
    void watch_silence(Time now);
    void check_silence(Time now, Actions& out);

    // session_frames.cpp: what the server says
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
    void start_heartbeat(Duration interval, Time first);
    void beat(Time now, Actions& out);
    void note_ack() noexcept;
    void run_heartbeat(Time now, Actions& out);

    // session_commands.cpp: what the user says
    void send_commands(Time now, Actions& out);
    void renew_presence();
    void fail_queued(codec::Opcode op, CommandFailure why, std::string_view text, Actions& out);
    void fail_all_queued(CommandFailure why, std::string_view text, Actions& out);

    Settings settings_;
    Random random_;
    Backoff backoff_;
    IdentifyPacing pacing_;
    SendLimiter limiter_;
    Heartbeat heartbeat_;
    CommandQueue queue_;
    Counters counters_;
    text::Redactor secrets_;  // those of the settings, and the tokens of the last opens

    State state_ = State::idle;
    Time open_at_{};  // in State::waiting
    Socket socket_;
    bool unread_ = false;

    std::optional<std::string> session_id_;
    std::optional<std::uint64_t> seq_;
    std::optional<std::uint64_t> seq_before_;  // the last message
    std::uint64_t sessions_before_ = 0;        // the same
    bool had_session_ = false;
    bool session_alive_ = false;  // a session was up that has not been given up since
    std::optional<Time> complete_until_;
    std::optional<Duration> session_interval_;  // a Resume's answer may name none
    std::optional<Loss> loss_;                  // to be told with the next Ready
    std::optional<codec::Bytes> presence_;      // the frame of the last one sent, unless it was refused

    unsigned attempt_ = 0;
    unsigned invalid_in_row_ = 0;
    unsigned resumes_in_row_ = 0;
    std::vector<Time> refused_frames_;
};

}  // namespace intent::session
