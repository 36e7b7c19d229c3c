// The HTTP endpoint of a client: metrics and health checks.
#pragma once

#include "net/listen_address.hpp"
#include "net/loop.hpp"
#include "net/server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::client {

/// What the endpoint asks. Called on the endpoint's thread; must not wait for other threads.
class EndpointSource {
public:
    virtual ~EndpointSource() = default;
    virtual std::string metrics_text() = 0;
    /// Why the client is not ready, a line each; empty: it is.
    virtual std::vector<std::string> unready_reasons() const = 0;
    /// Calls `answer` in the next turn of the I/O thread, or when the client stops. False: there is no I/O thread.
    virtual bool ask_io_thread(std::function<void()> answer) = 0;
};

/// Serves from construction on, on its own thread, so that neither a handler nor the I/O thread can silence it.
///
/// Errors: std::system_error that names the address. Threads: construct and destroy on any thread but its own.
class Endpoint final : private net::ServerHandler {
public:
    Endpoint(const net::ListenAddress& address, EndpointSource& source);
    ~Endpoint() override;
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    std::uint16_t port() const noexcept { return server_.port(); }

private:
    using Respond = std::function<void(net::ServerResponse)>;
    struct Check {
        Respond respond;
        std::unique_ptr<net::Timer> timeout;
    };

    std::optional<net::ServerResponse> turn_away(const net::ServerRequest& request) override;
    std::optional<std::size_t> body_limit(const net::ServerRequest&) override { return 0; }
    void on_request(net::ServerRequest request, Respond respond) override;
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket>) override {
        return nullptr;
    }
    void check_io_thread(Respond respond);
    void end_check(std::uint64_t id, bool alive);

    EndpointSource& source_;
    const std::shared_ptr<net::Loop> loop_;
    std::map<std::uint64_t, Check> checks_;  // of the I/O thread, not yet answered
    std::uint64_t last_check_ = 0;
    net::Server server_;
};

}  // namespace intent::client
