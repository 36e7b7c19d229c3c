// A running sandbox: the machines of this folder, the loop, the sockets.
#pragma once

#include "net/loop.hpp"
#include "net/server.hpp"
#include "sandbox/api.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/control.hpp"
#include "sandbox/gateway.hpp"
#include "sandbox/platform.hpp"
#include "sandbox/store.hpp"
#include "sandbox/web.hpp"

#include <intent/sandbox.hpp>

#include <functional>
#include <future>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace intent::sandbox {

/// Carries out what the gateway wishes, hands requests to the API, and the platform's events to the gateway.
///
/// Threads: construct, `start` and `stop` on the owner's; everything else on the loop's thread.
class Host final : public net::ServerHandler, public Directory {
public:
    /// Errors: as `intent::Sandbox`.
    Host(SandboxOptions given, std::vector<SandboxBot> bots);
    ~Host() override;

    void start() { loop.start(); }
    void stop();

    Moment moment() const { return clock.moment(); }
    void perform(GatewayActions actions);

    const SandboxOptions& options() const noexcept { return options_; }
    std::uint16_t port() const noexcept { return server_->port(); }
    bool secure() const noexcept { return !options_.certificate_file.empty(); }

    /// How the socket of a gateway connection is doing.
    struct Line {
        std::optional<net::Duration> round_trip = {};
        std::size_t queued_bytes = 0;
    };
    Line line(ConnectionId id) const;

    /// Calls back with the first message that matches, at once if there is one. Dropping the waiter's promise tells its
    /// owner that the sandbox is gone.
    struct Waiter {
        ChannelId channel;
        std::function<bool(const raw::Message&)> matches;
        std::promise<raw::Message> found;
    };
    void add_waiter(std::shared_ptr<Waiter> waiter);
    void remove_waiter(const std::weak_ptr<Waiter>& waiter) { waiters_.remove(waiter.lock()); }

    struct Counters {
        std::size_t requests = 0;
        std::size_t rate_limited = 0;
        std::size_t frames_in = 0;
        std::size_t frames_out = 0;
    };
    Counters counters;
    Clock clock;
    Store store;
    Platform platform;
    Gateway gateway;
    Api api;
    net::Loop loop;
    Addresses addresses;

private:
    class SocketHandler;
    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override;
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest& request,
                                                        std::shared_ptr<net::ServerSocket> socket) override;
    std::optional<UserId> authenticate(std::string_view token) override;
    raw::User user(UserId id) override { return platform.user(id); }
    std::vector<raw::Server> servers(UserId id) override { return platform.servers(id); }
    std::string new_session_id() override;

    net::ServerResponse answer(const net::ServerRequest& request, Moment now);
    void on_socket_message(ConnectionId id, codec::ByteView message, bool binary);
    void on_pong(ConnectionId id, net::Duration taken);
    void ping_later();
    void on_socket_closed(ConnectionId id, int code);
    void send(ConnectionId id, codec::Bytes bytes);
    void wake_later();
    void on_message(const raw::Message& message);
    bool settle(Waiter& waiter, const raw::Message& message) const;
    void log(LogLevel level, std::string_view text) const;

    struct Socket {
        std::shared_ptr<net::ServerSocket> socket;
        std::optional<net::Duration> round_trip = {};
    };

    SandboxOptions options_;
    std::shared_ptr<LogSink> log_;
    Control control_;
    net::Timer timer_;
    net::Timer ping_timer_;
    bool pinging_ = false;
    std::optional<Time> armed_;
    ConnectionId next_connection_ = 1;
    std::unordered_map<ConnectionId, Socket> sockets_;  ///< those the gateway knows
    std::size_t open_sockets_ = 0;                      ///< those and what is closing
    std::shared_ptr<std::promise<void>> all_closed_;    ///< set while stopping
    std::list<std::shared_ptr<Waiter>> waiters_;
    bool stopped_ = false;
    std::unique_ptr<net::Server> server_;  ///< last: nothing comes in any more when the rest goes
};

/// The request of the REST API behind an HTTP request, with the path below the base.
ApiRequest api_request(const net::ServerRequest& request, std::string path);

}  // namespace intent::sandbox
