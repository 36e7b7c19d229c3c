// A small HTTP and WebSocket server for the sandbox, for the endpoint of metrics and the tests. Knows no protocol.
#pragma once

#include "net/loop.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::net {

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;             ///< 0: chosen by the system
    std::string certificate_file = {};  ///< PEM chain and key: TLS when both are set
    std::string private_key_file = {};
    std::size_t max_body_bytes = 16u << 20;    ///< of a request, unless `ServerHandler::body_limit` returns another
    std::size_t max_message_bytes = 4u << 20;  ///< of an incoming WebSocket message; larger: on_too_large, then closed
    Duration handshake_timeout = std::chrono::seconds(10);  ///< TLS, upgrade, and closing including queued data
    std::size_t max_header_bytes = 64u << 10;
    std::size_t max_connections = 0;  ///< later ones are closed at once; 0: no limit
    /// For an idle persistent connection, for the arrival of each request, and for the client to take a response.
    Duration idle_timeout = std::chrono::seconds(60);
};

struct ServerRequest {
    std::string method;
    std::string path;   ///< as received: not percent-decoded, without the query
    std::string query;  ///< without '?'
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
    std::string peer;  ///< address of the client

    /// First header with that (lower-case) name; empty if absent.
    std::string_view header(std::string_view name) const;
};

struct ServerResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    /// If set: cuts the connection after this many bytes of the body. The headers still announce the whole body.
    std::optional<std::size_t> cut_after = {};
    bool cut = false;  ///< sends nothing and cuts the connection
};

/// A WebSocket connection on the server's side. A shared handle: it may outlive the connection, and sends are then
/// ignored.
///
/// Threads: the loop's thread only.
class ServerSocket {
public:
    virtual ~ServerSocket() = default;
    virtual void send_binary(std::vector<std::uint8_t> message) = 0;
    virtual void send_text(std::string message) = 0;
    /// Starts the close handshake after the queued data. Cuts the connection if that exceeds the server's handshake
    /// timeout.
    virtual void close(std::uint16_t code, std::string reason) = 0;
    /// Cuts the TCP connection without a close frame.
    virtual void cut() = 0;
    /// Sends a ping; `on_pong` follows. Ignored while an earlier ping is unanswered.
    virtual void ping() = 0;
    /// Bytes waiting to be sent.
    virtual std::size_t queued_bytes() const = 0;
    /// Whether the peer is in this process and uses the server's virtual clock.
    virtual bool follows_clock() const { return false; }
};

/// Receives the events of a server-side WebSocket. Destroyed after `on_closed`.
class ServerSocketHandler {
public:
    virtual ~ServerSocketHandler() = default;
    virtual void on_message(std::span<const std::uint8_t> message, bool binary) = 0;
    /// A message exceeds the limit. The handler may close with its own code; otherwise 1009 follows.
    virtual void on_too_large() {}
    /// The answer to `ping`, and the time it took.
    virtual void on_pong(Duration) {}
    virtual void on_closed(int code, std::string_view reason) = 0;
};

/// The server's callbacks. All calls are on the loop's thread.
class ServerHandler {
public:
    virtual ~ServerHandler() = default;
    /// Called first for every request, upgrades included, once its head has arrived. A returned response refuses the
    /// request: the connection is closed after it, and no other function is called for the request.
    virtual std::optional<ServerResponse> turn_away(const ServerRequest&) { return std::nullopt; }
    /// The maximum body size of a request in bytes, called when its header has arrived and before its body is stored.
    /// Unset: the server's own limit.
    virtual std::optional<std::size_t> body_limit(const ServerRequest&) { return std::nullopt; }
    /// The response to a request with a body over the limit; the connection is closed after it. `on_request` is not
    /// called.
    virtual ServerResponse on_body_too_large(const ServerRequest&) {
        return {.status = 413, .headers = {{"content-type", "text/plain"}}, .body = "body too large\n"};
    }
    /// Call `respond` once, at once or later; further calls are ignored.
    virtual void on_request(ServerRequest request, std::function<void(ServerResponse)> respond) = 0;
    /// An upgrade request: returns the handler for the connection, or null to answer 404.
    virtual std::unique_ptr<ServerSocketHandler> on_socket(const ServerRequest& request,
                                                           std::shared_ptr<ServerSocket> socket) = 0;
};

/// Listens from construction on.
///
/// Errors: std::system_error that names host and port (`127.0.0.1:8080: Address already in use`).
/// Threads: construct and destroy on any thread; callbacks run on the loop's thread.
class Server {
public:
    Server(Loop& loop, const ServerOptions& options, ServerHandler& handler);
    ~Server();  ///< closes the listener and every connection; no callback runs after it returns
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const noexcept;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
