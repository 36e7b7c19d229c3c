// Executes the session machine's actions: sockets, timers, time.
#pragma once

#include "net/loop.hpp"
#include "net/websocket.hpp"
#include "session/session.hpp"

#include <intent/token.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace intent::runner {

/// Receives a session's events. All calls are on the loop's thread and must not call back into the runner, except
/// functions that allow it.
class SessionObserver {
public:
    virtual ~SessionObserver() = default;

    /// The token for the Identify or Resume that is about to be sent.
    virtual Token token() = 0;

    /// An event, in order with the actions. Separate from them because it is by far the most frequent. Views are valid
    /// only during the call.
    virtual void on_dispatch(const codec::Frame& frame) = 0;

    /// True if a MESSAGE_CREATE is decoded before the session accepts it, so that its bytes are read once.
    virtual bool decodes_ahead() const noexcept = 0;
    /// Decodes one. False, without any other effect, if `frame.data` is not exactly one such value.
    virtual bool decode_ahead(const codec::Frame& frame) = 0;
    /// In place of `on_dispatch`, after `decode_ahead`.
    virtual void on_decoded_ahead(const codec::Frame& frame) = 0;

    /// Every other action except the runner's own (sockets and frames), in order. Views are valid only during the
    /// call.
    virtual void on_action(session::Action& action) = 0;

    /// Everything that had arrived was delivered.
    virtual void on_batch_end() = 0;

    /// The machine has stopped and the last socket is closed or cut. No call follows.
    virtual void on_finished() = 0;
};

/// Runs one session machine (see `session::Session`) on a loop.
///
/// Threads: construct and destroy on any thread while the loop's thread does not run it; call every function on the
/// loop's thread.
class SessionRunner {
public:
    SessionRunner(net::Loop& loop, net::Url url, net::WebSocketOptions options, session::Settings settings,
                  SessionObserver& observer);
    ~SessionRunner();
    SessionRunner(const SessionRunner&) = delete;
    SessionRunner& operator=(const SessionRunner&) = delete;

    /// Continues a session of an earlier process. Only before `start`.
    void restore(session::SavedSession saved) { session_.restore(std::move(saved)); }
    void start();
    void stop();

    /// Passes a command of the user to the machine (see `Session::on_command`); an action reports the outcome.
    void command(session::CommandId id, codec::Opcode op, codec::ByteView data);

    /// Stops and resumes reading from the socket; heartbeats continue. May be called from `SessionObserver`.
    void pause_reading();
    void resume_reading();

    bool reading_paused() const noexcept { return paused_; }
    /// Payloads of the received messages.
    std::uint64_t received_bytes() const noexcept { return received_bytes_; }

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
    std::optional<session::Time> batch_time_;  // arrival time of the current batch
    net::Duration suspended_{};                // as of the last timer
    session::Actions actions_;
    std::unique_ptr<Connection> connection_;
    std::vector<std::unique_ptr<Connection>> closing_;
    std::uint64_t received_bytes_ = 0;
    bool paused_ = false;
    bool stopped_ = false;
    bool finished_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace intent::runner
