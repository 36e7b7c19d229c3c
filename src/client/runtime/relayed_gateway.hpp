// A client that a relay feeds instead of a gateway session of its own.
#pragma once

#include "client/commands/gateway_follower.hpp"
#include "client/dispatch/dispatcher.hpp"
#include "client/dispatch/running.hpp"
#include "client/runtime/upstream.hpp"

#include <intent/client_options.hpp>
#include <intent/detail/remote.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace intent::client {

/// Turns what a Remote delivers into dispatches, and the bot's gateway commands into those of the relay.
class RelayedGateway final : public Upstream {
public:
    RelayedGateway(ClientOptions options, std::unique_ptr<detail::Remote> remote, std::shared_ptr<TokenStore> tokens,
                   Dispatcher& dispatcher, UpstreamOwner& owner);
    ~RelayedGateway() override;

    // Upstream
    Follower* begin(Running& running) override;
    std::function<void()> prepare() override;
    void begin_stop() override;
    void end() noexcept override;
    void finish() override;
    void resume_reading() override {}  // a worker's unacknowledged events are bounded
    Commands& commands() noexcept override { return *commands_; }
    std::string session_id() const override { return {}; }
    const GaugeBoard& board() const noexcept override { return board_; }

private:
    class Sink;

    void connect();
    void send(session::CommandId id, codec::Opcode op, codec::Bytes data);
    void on_connected();
    void on_disconnected(std::string why);
    void on_ready(const detail::Payload& payload);
    void on_dispatch(const detail::RemoteDispatch& dispatch);
    void on_change(const std::string& type, const detail::Payload& payload);
    void on_gap(Gap gap, const detail::RemoteDispatch& origin);
    void on_error(std::exception_ptr error, std::string where);
    void on_over(std::exception_ptr error, int status);
    ContextRef context_of(const detail::RemoteDispatch& dispatch) const;

    const ClientOptions options_;
    const std::unique_ptr<detail::Remote> remote_;
    const std::shared_ptr<TokenStore> tokens_;
    Dispatcher& dispatcher_;
    UpstreamOwner& owner_;
    GaugeBoard board_;

    Running* running_ = nullptr;  // this and the next four: set from `begin` to `end`
    std::shared_ptr<Sink> sink_;
    std::unique_ptr<Commands> commands_;
    std::unique_ptr<ChannelFetch> channels_;  // null: channels are not fetched
    std::unique_ptr<GatewayFollower> follower_;
    bool started_ = false;    // until `finish`
    bool connected_ = false;  // it was, at least once
    bool over_ = false;
};

}  // namespace intent::client
