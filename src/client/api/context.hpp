// The interface of a client to its handles, structures and coroutines.
#pragma once

#include "client/commands/commands.hpp"
#include "client/dispatch/dispatcher.hpp"
#include "client/dispatch/running.hpp"
#include "client/values/token_store.hpp"

#include <intent/client.hpp>
#include <intent/rest.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace intent::client {
class Scheduler;
}

namespace intent::inline v0::detail {

/// A Client, or a RestClient, which has no gateway and so no events.
///
/// Threads: safe unless stated otherwise.
class ClientContext : public std::enable_shared_from_this<ClientContext> {
public:
    virtual ~ClientContext() = default;

    ClientRef ref() noexcept { return ClientRef(weak_from_this()); }

    /// The running parts. Starts them, except after a `stop`; null after a `stop`.
    virtual std::shared_ptr<client::Running> running() = 0;
    virtual client::Dispatcher& dispatcher() noexcept = 0;
    virtual const client::TokenStore& tokens() const noexcept = 0;
    /// False if requests with the token of the bot are impossible, because there is none.
    virtual bool can_authorize() const noexcept = 0;
    /// The id of the gateway session; empty if there is none. Only on the I/O thread.
    virtual std::string session_id() const = 0;
    virtual bool has_gateway() const noexcept = 0;
    virtual const Clock& clock() const noexcept = 0;
    /// The gateway commands. Only on the I/O thread while it runs, and only with a gateway.
    virtual client::Commands& commands() noexcept = 0;

    // For Client and RestClient themselves.

    virtual void set_token(Token token) = 0;
    /// Connects to the gateway, unless already started.
    virtual void start() = 0;
    virtual int run() = 0;
    virtual std::optional<int> wait(std::chrono::milliseconds timeout) = 0;
    virtual void stop() = 0;
    /// Queues a Reload, unless the client is not running. The reload lasts until the last copy of `pending` is
    /// destroyed.
    virtual void reload(client::PendingRef pending) = 0;
    virtual client::GuardedLog log() const = 0;
    virtual ConnectionState state() const noexcept = 0;
    virtual Gauges gauges() const = 0;
    virtual client::Scheduler& scheduler() noexcept = 0;
    virtual std::string metrics_text() = 0;
    virtual std::optional<std::uint16_t> metrics_port() const = 0;
    /// Opens the endpoint of the metrics, if the options name one, unless it is open.
    virtual void open_endpoint() = 0;
    /// Null if nothing is collected.
    virtual client::Metrics* metrics() noexcept = 0;
};

/// Errors: ConfigError that names the option.
std::shared_ptr<ClientContext> make_client(ClientOptions options);
std::shared_ptr<ClientContext> make_rest_client(RestOptions options);

}  // namespace intent::detail
