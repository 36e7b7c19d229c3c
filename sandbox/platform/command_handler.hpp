// Handles the gateway commands that go beyond the session itself (opcodes 4, 7, 10 and 12).
#pragma once

#include "codec/frame.hpp"
#include "sandbox/base/event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace intent::inline v0::sandbox {

/// The session that a command comes from. Sessions are numbered from 1; numbers are never reused.
struct Caller {
    std::uint64_t session;
    UserId user;
};

/// An event for every user in its audience.
struct Announce {
    Event event;
};

/// An event for one session only.
struct NotifySession {
    std::uint64_t session;
    Event event;
};

/// A frame other than a dispatch, for one session. It is lost if the session has no connection.
struct SignalSession {
    std::uint64_t session;
    codec::Opcode op;
    codec::Bytes data;
};

/// Closes the session's connection because the command is refused (protocol §6).
struct RefuseSession {
    std::uint64_t session;
    std::uint16_t code;
    std::string reason;
    std::string failure = {};  ///< a failure of the sandbox itself; only logged
};

using Reaction = std::variant<Announce, NotifySession, SignalSession, RefuseSession>;
using Reactions = std::vector<Reaction>;

/// How a session ended.
enum class Ending : std::uint8_t {
    left,  ///< its client closed the connection with 1000 or 1001, or the platform was reset
    lost,  ///< the connection was lost and the session was not resumed
};

/// Receives the gateway's session changes and commands. The gateway executes the returned reactions in order.
class CommandHandler {
public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~CommandHandler() = default;
    /// The session got a connection, by Identify or Resume.
    virtual Reactions on_attached(Time now, Caller caller) = 0;
    /// The session lost its connection and may be resumed.
    virtual Reactions on_detached(Time now, Caller caller) = 0;
    /// The session ended and cannot be resumed. Called after `on_detached`.
    virtual Reactions on_ended(Time now, Caller caller, Ending how) = 0;
    /// Called when `next_wake` is reached; earlier or extra calls do nothing.
    virtual Reactions on_time(Time now) = 0;
    virtual std::optional<Time> next_wake() const = 0;
    /// Opcodes 4, 7, 10 and 12.
    virtual Reactions on_command(Time now, Caller caller, codec::Opcode op, codec::ByteView data) = 0;
};

}  // namespace intent::sandbox
