// What the session machine wishes: the runner carries these out, in order.
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

/// The caller's name for a command, not 0. The machine only hands it back.
using CommandId = std::uint64_t;

/// Begin one connection attempt; `on_open` or `on_connect_failed` answers it. There is never another socket then.
struct OpenSocket {
    friend bool operator==(const OpenSocket&, const OpenSocket&) = default;
};

/// Send one binary message on the open socket.
struct SendFrame {
    codec::Bytes bytes;
    codec::Opcode op = codec::Opcode::heartbeat;
    bool secret = false;  ///< holds the token (Identify, Resume): never show `bytes`
    friend bool operator==(const SendFrame&, const SendFrame&) = default;
};

/// Close the open socket with a close frame and a deadline of 2 s. Nothing of that socket may reach the machine any
/// more, not even its `on_closed`: the machine has gone on.
struct CloseSocket {
    std::uint16_t code = 1000;
    std::string reason;
    friend bool operator==(const CloseSocket&, const CloseSocket&) = default;
};

/// Cut the socket, or the attempt to open one, at once: the peer is dead or not there yet. Else as `CloseSocket`.
struct AbortSocket {
    friend bool operator==(const AbortSocket&, const AbortSocket&) = default;
};

/// An accepted dispatch (op 0 with a name), no duplicate. READY and RESUMED come too, behind their own actions. The
/// views point into the bytes given to `on_binary`: take what is needed before that call's bytes go.
struct Deliver {
    codec::Frame frame;
};

/// A voice signal from the server (op 12, protocol §13): `d`, a view as in `Deliver`.
struct VoiceSignal {
    codec::ByteView data;
};

/// A new session is up, once for each: also one that the server begins in place of another on the same socket. Comes
/// before its READY's `Deliver` and before its `SessionLost`.
struct SessionReady {
    std::shared_ptr<const raw::Ready> ready;  ///< never null; parts that could not be read are empty
    codec::ByteView data;                     ///< Ready's `d`, a view as in `Deliver`
    bool first = true;                        ///< no session came before it in this machine, so caches are empty
};

/// The session goes on, once for each Resume that succeeded: raised at RESUMED, behind the replayed events. From a
/// server that sends no RESUMED: when no event has come for `Schedule::replay_quiet`, at the latest
/// `Schedule::replay_deadline` after the first one. (Not at an ACK: a server may answer a heartbeat in the middle of
/// its replay.)
struct SessionResumed {
    std::size_t replayed = 0;  ///< events handed out since the Resume, RESUMED not counted
    friend bool operator==(const SessionResumed&, const SessionResumed&) = default;
};

/// An open connection has ended, by whichever side. Not raised for attempts that never opened (`ConnectFailed`).
struct Disconnected {
    int code = 1006;
    std::string reason;        ///< shortened, no control bytes
    bool will_resume = false;  ///< false: identifies anew, or stops
    friend bool operator==(const Disconnected&, const Disconnected&) = default;
};

/// A connection attempt came to nothing. `Reconnecting` follows.
struct ConnectFailed {
    std::string text;  ///< shortened, no control bytes
    friend bool operator==(const ConnectFailed&, const ConnectFailed&) = default;
};

/// The next attempt comes after `delay`; `OpenSocket` will ask for it.
struct Reconnecting {
    unsigned attempt = 1;  ///< counts from 1 since the last session that was well (its first acknowledged heartbeat)
    Duration delay{};
    friend bool operator==(const Reconnecting&, const Reconnecting&) = default;
};

/// Events were lost for certain: the old session could not be resumed. Raised once, with the Ready of the new one.
struct SessionLost {
    std::optional<Time> from;  ///< the old session's last frame; unset: it was an earlier process's (`Settings::saved`)
    Time to{};                 ///< the new Ready
    std::string reason;
    friend bool operator==(const SessionLost&, const SessionLost&) = default;
};

/// A dispatch with number `to` followed number `from` on a live connection. If `to` is above `from`, the server left
/// out the numbers between them. If it is below, the numbers fell, and events up to `from` are dropped as duplicates:
/// raised once, until the numbers are above `from` again. The session goes on.
struct SequenceGap {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    friend bool operator==(const SequenceGap&, const SequenceGap&) = default;
};

/// A frame was dropped because it makes no sense: undecodable, without a usable opcode, or a dispatch without a name.
/// Raised for the 1st, 2nd, 4th, 8th, … such frame of a connection.
struct BadFrame {
    std::string text;  ///< what is wrong, and how many there were; shortened, no control bytes
    friend bool operator==(const BadFrame&, const BadFrame&) = default;
};

/// Something for the log. A repeated oddity is told at its 1st, 2nd, 4th, 8th … time.
struct Notice {
    LogLevel level = LogLevel::warn;
    std::string text;
    friend bool operator==(const Notice&, const Notice&) = default;
};

/// A command is with the socket. It will not be sent again whatever happens.
struct CommandSent {
    CommandId id = 0;
    friend bool operator==(const CommandSent&, const CommandSent&) = default;
};

enum class CommandFailure {
    invalid,     ///< not a command's opcode, or `data` is not one MessagePack value that fits it
    too_large,   ///< over 64 KiB
    offline,     ///< a member request while there is no Ready session
    superseded,  ///< a later presence, or voice state for the same server, took its place before it was sent
    queue_full,  ///< 1,000 commands wait already
    refused,     ///< the server closed with 4002, 4009 or a voice code because of it; comes after its `CommandSent`
    stopped,     ///< the machine stopped before it was sent
};

/// A command was not carried out. Every command ends in one `CommandSent` or `CommandFailed`; `refused` alone follows a
/// `CommandSent`. Its `id` is 0 if the server refused a voice state though this connection had sent none.
struct CommandFailed {
    CommandId id = 0;
    CommandFailure why = CommandFailure::invalid;
    std::string text;
    int close_code = 0;  ///< of `refused`
    friend bool operator==(const CommandFailed&, const CommandFailed&) = default;
};

enum class StopReason {
    by_user,              ///< `on_stop`
    authentication,       ///< the token was refused (4004, or op 8 five times)
    configuration,        ///< the server refused what we ask for (4010, 4012, 4013), or Identify is impossible
    repeated_bad_frames,  ///< three closes with 4002 or 4009 within 10 min
};

/// The end, exactly once: no action follows, every later input is ignored.
struct Stopped {
    StopReason reason = StopReason::by_user;
    int close_code = 0;  ///< the server's, 0 if there was none
    std::string text;
    friend bool operator==(const Stopped&, const Stopped&) = default;
};

using Action = std::variant<OpenSocket, SendFrame, CloseSocket, AbortSocket, Deliver, VoiceSignal, SessionReady,
                            SessionResumed, Disconnected, ConnectFailed, Reconnecting, SessionLost, SequenceGap,
                            BadFrame, Notice, CommandSent, CommandFailed, Stopped>;

/// Owned and reused by the caller: each input appends to it. Keep its capacity, then a `Deliver` allocates nothing.
using Actions = std::vector<Action>;

}  // namespace intent::session
