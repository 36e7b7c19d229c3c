// The actions that the session machine returns. The runner executes them in order.
#pragma once

#include "codec/frame.hpp"
#include "session/settings.hpp"

#include <intent/log.hpp>
#include <intent/raw/gateway.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace intent::session {

/// The caller's id of a command, not 0. The machine only passes it back.
using CommandId = std::uint64_t;

/// Begin one connection attempt; report the outcome with `on_open` or `on_connect_failed`. No other socket exists at
/// that time.
struct OpenSocket {
    friend bool operator==(const OpenSocket&, const OpenSocket&) = default;
};

/// Send one binary message on the open socket.
struct SendFrame {
    codec::Bytes bytes;
    codec::Opcode op = codec::Opcode::heartbeat;
    bool secret = false;  ///< contains the token (Identify, Resume): never show `bytes`
    friend bool operator==(const SendFrame&, const SendFrame&) = default;
};

/// Close the open socket with a close frame and a deadline of 2 s. Nothing from that socket may reach the machine
/// afterwards, not even its `on_closed`.
struct CloseSocket {
    std::uint16_t code = 1000;
    std::string reason;
    friend bool operator==(const CloseSocket&, const CloseSocket&) = default;
};

/// Cut the socket, or the attempt to open one, at once: the peer is dead or not connected yet. Otherwise as
/// `CloseSocket`.
struct AbortSocket {
    friend bool operator==(const AbortSocket&, const AbortSocket&) = default;
};

/// An accepted dispatch (op 0 with a name) that is not a duplicate. Includes READY and RESUMED, each behind its own
/// actions. The views point into the bytes given to `on_binary`: copy what you need while those bytes live.
struct Deliver {
    codec::Frame frame;
};

/// A voice signal from the server (op 12, protocol §13): `d`, a view as in `Deliver`.
struct VoiceSignal {
    codec::ByteView data;
};

/// A new session is up. Raised once per session, also for one that the server begins in place of another on the same
/// socket. Precedes the `Deliver` of its READY and its `SessionLost`.
struct SessionReady {
    std::shared_ptr<const raw::Ready> ready;  ///< never null; unreadable parts are empty
    codec::ByteView data;                     ///< Ready's `d`, a view as in `Deliver`
    bool first = true;                        ///< no session preceded it in this machine, so caches are empty
};

/// The session continues. Raised once for each successful Resume, at RESUMED, behind the replayed events. If the
/// server sends no RESUMED: when no event has arrived for `Schedule::replay_quiet`, at the latest
/// `Schedule::replay_deadline` after the first one. (Not at an ACK: a server may acknowledge a heartbeat in the middle
/// of its replay.)
struct SessionResumed {
    std::size_t replayed = 0;  ///< events delivered since the Resume, without RESUMED
    friend bool operator==(const SessionResumed&, const SessionResumed&) = default;
};

/// An open connection has ended, closed by either side. Attempts that never opened raise `ConnectFailed` instead.
struct Disconnected {
    int code = 1006;
    std::string reason;        ///< shortened, no control bytes
    bool will_resume = false;  ///< false: identifies again, or stops
    friend bool operator==(const Disconnected&, const Disconnected&) = default;
};

/// A connection attempt failed. `Reconnecting` follows.
struct ConnectFailed {
    std::string text;  ///< shortened, no control bytes
    friend bool operator==(const ConnectFailed&, const ConnectFailed&) = default;
};

/// The next attempt begins after `delay`; `OpenSocket` requests it.
struct Reconnecting {
    unsigned attempt = 1;  ///< counts from 1 since the last stable session (its first acknowledged heartbeat)
    Duration delay{};
    friend bool operator==(const Reconnecting&, const Reconnecting&) = default;
};

/// Events are certainly lost: the old session could not be resumed. Raised once, with the Ready of the new session.
struct SessionLost {
    std::optional<Time> from;  ///< the old session's last frame; unset: an earlier process had it (`Settings::saved`)
    Time to{};                 ///< the new Ready
    std::string reason;
    friend bool operator==(const SessionLost&, const SessionLost&) = default;
};

/// A dispatch with number `to` followed number `from` on a live connection. If `to` is above `from`, the server left
/// out the numbers between them. If it is below, the numbers fell, and events up to `from` are dropped as duplicates;
/// raised once until the numbers exceed `from` again. The session continues.
struct SequenceGap {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    friend bool operator==(const SequenceGap&, const SequenceGap&) = default;
};

/// A frame was dropped as invalid: undecodable, without a usable opcode, or a dispatch without a name. Raised for the
/// 1st, 2nd, 4th, 8th, … such frame of a connection.
struct BadFrame {
    std::string text;  ///< the problem and the number of such frames; shortened, no control bytes
    friend bool operator==(const BadFrame&, const BadFrame&) = default;
};

/// A log line. A repeated anomaly is logged at its 1st, 2nd, 4th, 8th … occurrence.
struct LogLine {
    LogLevel level = LogLevel::warn;
    std::string text;
    friend bool operator==(const LogLine&, const LogLine&) = default;
};

/// A command was handed to the socket. It is never sent again.
struct CommandSent {
    CommandId id = 0;
    friend bool operator==(const CommandSent&, const CommandSent&) = default;
};

enum class CommandFailure {
    invalid,     ///< not a command's opcode, or `data` is not one MessagePack value that fits it
    too_large,   ///< over 64 KiB
    offline,     ///< a member request without a Ready session
    superseded,  ///< replaced before it was sent, by a later presence or voice state for the same server
    queue_full,  ///< 1,000 commands are already waiting
    refused,     ///< the server closed with 4002, 4009 or a voice code because of it; follows its `CommandSent`
    stopped,     ///< the machine stopped before it was sent
};

/// A command was not carried out. Every command ends in one `CommandSent` or `CommandFailed`; only `refused` follows a
/// `CommandSent`. `id` is 0 if the server refused a voice state that this connection had not sent.
struct CommandFailed {
    CommandId id = 0;
    CommandFailure why = CommandFailure::invalid;
    std::string text;
    int close_code = 0;  ///< with `refused`
    friend bool operator==(const CommandFailed&, const CommandFailed&) = default;
};

enum class StopReason {
    by_user,              ///< `on_stop`
    authentication,       ///< the server refused the token (4004, or op 8 five times)
    configuration,        ///< the server refused the settings (4010, 4012, 4013), or Identify is impossible
    repeated_bad_frames,  ///< three closes with 4002 or 4009 within 10 min
};

/// The end. Returned exactly once: no action follows, and every later input is ignored.
struct Stopped {
    StopReason reason = StopReason::by_user;
    int close_code = 0;  ///< the server's, or 0
    std::string text;
    friend bool operator==(const Stopped&, const Stopped&) = default;
};

using Action = std::variant<OpenSocket, SendFrame, CloseSocket, AbortSocket, Deliver, VoiceSignal, SessionReady,
                            SessionResumed, Disconnected, ConnectFailed, Reconnecting, SessionLost, SequenceGap,
                            BadFrame, LogLine, CommandSent, CommandFailed, Stopped>;

/// Owned and reused by the caller; each input appends to it. Keep its capacity, so that a `Deliver` allocates nothing.
using Actions = std::vector<Action>;

}  // namespace intent::session
