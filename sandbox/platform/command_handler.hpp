// What lies behind the gateway: the opcodes that are more than the session's own business (4, 7, 10, 12).
#pragma once

#include "codec/frame.hpp"
#include "sandbox/base/event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace intent::sandbox {

/// Owner session it is. Sessions are numbered from 1 and no number comes twice.
struct Caller {
    std::uint64_t session;
    UserId user;
};

/// An event for everybody in its audience.
struct Announce {
    Event event;
};

/// An event for one session alone.
struct TellSession {
    std::uint64_t session;
    Event event;
};

/// A frame that is no event, for one session. It is lost if the session has no connection.
struct SignalSession {
    std::uint64_t session;
    codec::Opcode op;
    codec::Bytes data;
};

/// Closes the session's connection: what its client asked for is refused (protocol §6).
struct RefuseSession {
    std::uint64_t session;
    std::uint16_t code;
    std::string reason;
    std::string failure = {};  ///< what failed in the sandbox itself: for the log alone
};

using Reaction = std::variant<Announce, TellSession, SignalSession, RefuseSession>;
using Reactions = std::vector<Reaction>;

/// How a session ended.
enum class Ending : std::uint8_t {
    left,  ///< its client closed the connection with 1000 or 1001, or the platform begins again
    lost,  ///< the connection was lost, and the session with it
};

/// Hears of the gateway's sessions and answers their commands; what it returns is carried out in order.
class CommandHandler {
public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~CommandHandler() = default;
    /// The session has a connection from now on: a new one, or again.
    virtual Reactions on_attached(Time now, Caller caller) = 0;
    /// It has none any more, and may be resumed.
    virtual Reactions on_detached(Time now, Caller caller) = 0;
    /// It is gone for good. Comes after `on_detached`.
    virtual Reactions on_ended(Time now, Caller caller, Ending how) = 0;
    /// Called when `next_wake` is reached; earlier or extra calls do nothing.
    virtual Reactions on_time(Time now) = 0;
    virtual std::optional<Time> next_wake() const = 0;
    /// Opcodes 4, 7, 10 and 12.
    virtual Reactions on_command(Time now, Caller caller, codec::Opcode op, codec::ByteView data) = 0;
};

}  // namespace intent::sandbox
