// A client's gateway session: its reports become events, and the bot's calls become commands.
#pragma once

#include "client/api/settings.hpp"
#include "client/commands/gateway_follower.hpp"
#include "client/dispatch/dispatcher.hpp"
#include "client/dispatch/running.hpp"
#include "client/metrics/metrics.hpp"
#include "client/resume/session_file.hpp"
#include "client/runtime/gauge_board.hpp"
#include "run/session_runner.hpp"

#include <intent/client.hpp>

#include <memory>
#include <optional>
#include <string>

namespace intent::client {

/// Is notified when a session ends. On the I/O thread.
class GatewayOwner {
public:
    virtual ~GatewayOwner() = default;
    /// The session has ended: the exit status, and what happens to waiting events.
    virtual void on_session_over(int status, Lanes::Backlog backlog) = 0;
    /// The gateway has stopped.
    virtual void on_gateway_stopped() = 0;
    /// Called on a thread of the gateway's, which must not wait for a stop because the stop waits for it.
    virtual void mark_own_thread() noexcept = 0;
};

/// Observes successive sessions, each with its runner, its commands and its fetch of channels.
///
/// How to drive it: `begin` before the threads start, `connect`, `begin_stop`, `end`; `finish` after the threads have
/// ended. Threads: the I/O thread unless stated otherwise.
class Gateway final : public runner::SessionObserver {
public:
    /// `metrics`: null if nothing is collected.
    Gateway(ClientOptions options, std::shared_ptr<TokenStore> tokens, Dispatcher& dispatcher, GatewayOwner& owner,
            std::shared_ptr<Metrics> metrics);
    ~Gateway() override;

    const ClientOptions& options() const noexcept { return options_; }

    /// Creates the session's parts. Returns the follower of dispatches.
    Follower* begin(Running& running);
    /// Locks and reads the session file. Null: there is none. Blocks on the disk. Threads: any.
    ///
    /// Errors: UsageError if another client uses it.
    std::shared_ptr<SessionFile> open_session_file() const;
    /// Connects, and continues the session of the file if it holds one.
    void connect(std::shared_ptr<SessionFile> file);
    void begin_stop();
    /// Destroys the parts that use the loop.
    void end() noexcept;
    /// Writes the session file for the last time. Threads: the one that stops the client.
    void finish();
    void resume_reading();

    Commands& commands() noexcept { return *commands_; }
    // Threads: any.
    /// `start` was called.
    void starting() noexcept;
    const GaugeBoard& board() const noexcept { return board_; }

    // SessionObserver
    Token token() override { return tokens_->token(); }
    void on_dispatch(const codec::Frame& frame) override;
    void on_action(session::Action& action) override;
    void on_batch_end() override;
    void on_finished() override;

private:
    session::Settings session_settings();
    Commands::Port command_port();
    std::unique_ptr<ChannelFetch> make_channel_fetch();
    void on_lost(const session::SessionLost& lost);
    void on_ready(const session::SessionReady& ready);
    void on_stopped(const session::Stopped& stopped);
    void log(LogLevel level, std::string_view component, const std::string& text) const noexcept;
    void publish() noexcept;
    Timestamp complete_until() const;

    const ClientOptions options_;
    const net::Url url_;
    const net::ProxyRules proxies_;
    const std::shared_ptr<TokenStore> tokens_;
    Dispatcher& dispatcher_;
    GatewayOwner& owner_;
    const std::shared_ptr<Metrics> metrics_;
    GaugeBoard board_;

    Running* running_ = nullptr;  // this and the next four: set from `begin` to `end`
    std::unique_ptr<runner::SessionRunner> session_;
    std::unique_ptr<Commands> commands_;
    std::unique_ptr<ChannelFetch> channels_;  // null: channels are not fetched
    std::unique_ptr<GatewayFollower> follower_;
    std::shared_ptr<SessionFile> file_;  // from `connect` to `finish`; null: no session file
    PendingRef new_session_;             // held until its Gap, if any, is queued
    session::PastOpenings openings_ = {};
    bool over_ = false;
    int status_ = 0;
    Lanes::Backlog backlog_ = Lanes::Backlog::dropped;
};

}  // namespace intent::client
