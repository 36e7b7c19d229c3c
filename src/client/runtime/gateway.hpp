// A client's gateway session: its reports become events, and the bot's calls become commands.
#pragma once

#include "client/api/settings.hpp"
#include "client/commands/gateway_follower.hpp"
#include "client/dispatch/dispatcher.hpp"
#include "client/dispatch/running.hpp"
#include "client/metrics/metrics.hpp"
#include "client/resume/session_file.hpp"
#include "client/runtime/upstream.hpp"
#include "run/session_runner.hpp"

#include <intent/client.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::client {

/// Observes successive sessions, each with its runner, its commands and its fetch of channels.
class Gateway final : public Upstream, public runner::SessionObserver {
public:
    /// `metrics`: null if nothing is collected.
    Gateway(ClientOptions options, std::shared_ptr<TokenStore> tokens, Dispatcher& dispatcher, UpstreamOwner& owner,
            std::shared_ptr<Metrics> metrics);
    ~Gateway() override;

    // Upstream
    Follower* begin(Running& running) override;
    std::function<void()> prepare() override;
    void begin_stop() override;
    void end() noexcept override;
    void finish() override;
    void resume_reading() override;
    Commands& commands() noexcept override { return *commands_; }
    std::string session_id() const override;
    const GaugeBoard& board() const noexcept override { return board_; }

    // SessionObserver
    Token token() override { return tokens_->token(); }
    void on_dispatch(const codec::Frame& frame) override;
    bool decodes_ahead() const noexcept override;
    bool decode_ahead(const codec::Frame& frame) override { return dispatcher_.decode_ahead(frame); }
    void on_decoded_ahead(const codec::Frame& frame) override { dispatcher_.dispatch_ahead(frame); }
    void on_action(session::Action& action) override;
    void on_batch_end() override;
    void on_finished() override;

private:
    std::shared_ptr<SessionFile> open_session_file() const;
    void connect(std::shared_ptr<SessionFile> file);
    session::Settings session_settings();
    Commands::Port command_port();
    ContextRef replay_context() const;
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
    UpstreamOwner& owner_;
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
