// What connects a client to the platform: its own gateway session, or a relay's.
#pragma once

#include "client/async/rest_port.hpp"
#include "client/commands/commands.hpp"
#include "client/dispatch/follower.hpp"
#include "client/dispatch/running.hpp"
#include "client/runtime/gauge_board.hpp"

#include <functional>
#include <memory>
#include <string>

namespace intent::client {

/// Is notified when an upstream ends. On the I/O thread.
class UpstreamOwner {
public:
    virtual ~UpstreamOwner() = default;
    /// The session has ended: the exit status, and what happens to waiting events.
    virtual void on_session_over(int status, Lanes::Backlog backlog) = 0;
    /// The upstream has stopped.
    virtual void on_upstream_stopped() = 0;
    /// Called on a thread of the upstream's, which must not wait for a stop because the stop waits for it.
    virtual void mark_own_thread() noexcept = 0;
};

/// How to drive it: `begin` before the threads start; `prepare`, and the function that it returns; `begin_stop`, `end`;
/// `finish` after the threads have ended. Threads: the I/O thread unless stated otherwise.
class Upstream {
public:
    virtual ~Upstream() = default;

    /// Creates the parts of one run. Returns the follower of dispatches. Threads: the one that starts the client.
    virtual Follower* begin(Running& running) = 0;
    /// Does what may block or fail, and returns what connects on the I/O thread. Threads: the one that starts the
    /// client.
    ///
    /// Errors: UsageError if another client uses the saved session.
    virtual std::function<void()> prepare() = 0;
    virtual void begin_stop() = 0;
    /// Destroys the parts that use the loop. Threads: the I/O thread, or any after it.
    virtual void end() noexcept = 0;
    /// The last writes. Threads: the one that stops the client.
    virtual void finish() = 0;
    /// The queue of the handlers has room again.
    virtual void resume_reading() = 0;

    virtual Commands& commands() noexcept = 0;
    /// The id of the session; empty if there is none.
    virtual std::string session_id() const = 0;
    virtual const GaugeBoard& board() const noexcept = 0;  ///< Threads: any.
};

/// The REST port of a run, as its owner sees it.
class RunningRest : public RestPort {
public:
    /// Threads: any.
    virtual void set_token(Token token) = 0;
    /// Ends pending calls.
    virtual void stop() = 0;
    /// Destroys what uses the loop; calls end as if the client were stopped.
    virtual void end() noexcept = 0;
};

}  // namespace intent::client
