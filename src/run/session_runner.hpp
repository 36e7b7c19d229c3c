// Carries out what the session machine wishes: sockets, timers, time.
#pragma once

#include "net/loop.hpp"
#include "net/websocket.hpp"
#include "session/session.hpp"

#include <intent/token.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace intent::runner {

/// What a session tells its owner. All calls come on the loop's thread and must not call back into the runner, but for
/// the functions that say so.
class SessionObserver {
public:
    virtual ~SessionObserver() = default;

    /// The token for the Identify or Resume that is about to be sent.
    virtual Token token() = 0;

    /// An event, in order with the actions. Apart from them because it is what a busy connection consists of. Views are
    /// valid during the call.
    virtual void on_dispatch(const codec::Frame& frame) = 0;

    /// Every other action that is not the runner's own (sockets and frames), in order. Views are valid during the call.
    virtual void on_action(session::Action& action) = 0;

    /// Everything that had arrived was handed over.
    virtual void on_batch_end() = 0;

    /// The machine has stopped and the last socket is closed or cut: nothing follows.
    virtual void on_finished() = 0;
};

/// Runs one session machine (see `session::Session`) on a loop.
///
/// Threads: construct and destroy anywhere while the loop's thread does not run it; every function on the loop's
/// thread.
class SessionRunner {
public:
    SessionRunner(net::Loop& loop, net::Url url, net::WebSocketOptions options, session::Settings settings,
                  SessionObserver& observer);
    ~SessionRunner();
    SessionRunner(const SessionRunner&) = delete;
    SessionRunner& operator=(const SessionRunner&) = delete;

    void start();
    void stop();

    /// Hands the machine a command of the user (see `Session::on_command`); what becomes of it is an action.
    void command(session::CommandId id, codec::Opcode op, codec::ByteView data);

    /// Stops and starts to read from the socket; heartbeats go on. May be called from `SessionObserver`.
    void pause_reading();
    void resume_reading();

    /// After an exception has reached the loop's edge: goes on with what it broke off, by a new connection if need be.
    void recover();

    bool reading_paused() const noexcept { return paused_; }

    const session::Session& session() const noexcept { return session_; }

private:
    class Connection;

    void receive(std::span<const std::uint8_t> message);
    void end_batch();
    template <class Input>
    void feed(Input input);
    void carry_out();
    void perform(session::Action& action);
    void rearm();
    void on_timer();
    bool woke_up();
    void detach_connection();
    void destroy_later(Connection* connection);
    void finish_if_done();

    net::Loop& loop_;
    net::Url url_;
    net::WebSocketOptions options_;
    session::Session session_;
    SessionObserver& observer_;
    net::Timer timer_;
    std::optional<session::Time> armed_;
    std::optional<session::Time> batch_time_;  // when the batch came that is being received
    net::Duration suspended_{};                // as of the last timer
    session::Actions actions_;
    std::size_t performed_ = 0;  // of actions_
    bool delivered_ = false;     // the message that is being received has reached the observer
    std::unique_ptr<Connection> connection_;
    std::vector<std::unique_ptr<Connection>> closing_;
    bool paused_ = false;
    bool stopped_ = false;
    bool finished_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace intent::runner
