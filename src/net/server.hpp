// A small HTTP and WebSocket server: what the sandbox and the tests listen with. Knows no protocol.
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
    std::size_t max_body_bytes = 16u << 20;    ///< of a request, unless `ServerHandler::body_limit` says otherwise
    std::size_t max_message_bytes = 4u << 20;  ///< of an incoming WebSocket message; larger: on_too_large, then closed
    Duration handshake_timeout = std::chrono::seconds(10);  ///< TLS, upgrade, and closing with all that is queued
};

struct ServerRequest {
    std::string method;
    std::string path;   ///< percent-decoded is the reader's business; query split off
    std::string query;  ///< without '?'
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
    std::string peer;  ///< address of the client

    /// First header of that (lower-case) name; empty if there is none.
    std::string_view header(std::string_view name) const;
};

struct ServerResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    /// Set: the connection is cut after so many bytes of the body, which is announced whole.
    std::optional<std::size_t> cut_after = {};
    bool cut = false;  ///< nothing is sent, the connection is cut
};

/// A WebSocket connection on the server's side. A shared handle: it may outlive the connection, sends are ignored then.
///
/// Threads: the loop's thread only.
class ServerSocket {
public:
    virtual ~ServerSocket() = default;
    virtual void send_binary(std::vector<std::uint8_t> message) = 0;
    virtual void send_text(std::string message) = 0;
    /// Close handshake after what is queued. Cut when that takes longer than the server's handshake timeout.
    virtual void close(std::uint16_t code, std::string reason) = 0;
    /// Cuts the TCP connection without a close frame.
    virtual void cut() = 0;
    /// Asks for a sign of life: `on_pong` follows. Ignored while an earlier one is on its way.
    virtual void ping() = 0;
    /// Bytes that wait to be sent.
    virtual std::size_t queued_bytes() const = 0;
};

/// Takes what a server-side WebSocket reports. Destroyed after `on_closed`.
class ServerSocketHandler {
public:
    virtual ~ServerSocketHandler() = default;
    virtual void on_message(std::span<const std::uint8_t> message, bool binary) = 0;
    /// A message over the limit: the chance to close with a code of one's own; else 1009 follows.
    virtual void on_too_large() {}
    /// The answer to `ping`, and how long it took.
    virtual void on_pong(Duration) {}
    virtual void on_closed(int code, std::string_view reason) = 0;
};

/// What the server asks of its user. All calls come on the loop's thread.
class ServerHandler {
public:
    virtual ~ServerHandler() = default;
    /// Asked first for every request, upgrades included, once its head has arrived: the answer to a request that is not
    /// served. The connection is closed after it, and no other function is called for the request.
    virtual std::optional<ServerResponse> turn_away(const ServerRequest&) { return std::nullopt; }
    /// How many bytes of body a request may have, asked when its header is here and nothing of its body is kept; unset:
    /// the server's own limit.
    virtual std::optional<std::size_t> body_limit(const ServerRequest&) { return std::nullopt; }
    /// The answer to a request whose body is over the limit, after which the connection is closed. `on_request` is not
    /// called for it.
    virtual ServerResponse on_body_too_large(const ServerRequest&) {
        return {.status = 413, .headers = {{"content-type", "text/plain"}}, .body = "body too large\n"};
    }
    /// `respond` may be called at once or later, once; a second call is ignored.
    virtual void on_request(ServerRequest request, std::function<void(ServerResponse)> respond) = 0;
    /// An upgrade request: the handler for the connection, or nothing to answer 404.
    virtual std::unique_ptr<ServerSocketHandler> on_socket(const ServerRequest& request,
                                                           std::shared_ptr<ServerSocket> socket) = 0;
};

/// Listens from construction on.
///
/// Errors: std::system_error with a text that names host and port (`127.0.0.1:8080: Address already in use`).
/// Threads: construct and destroy anywhere; callbacks on the loop's thread.
class Server {
public:
    Server(Loop& loop, const ServerOptions& options, ServerHandler& handler);
    ~Server();  ///< closes the listener and every connection; no callback after it returns
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const noexcept;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
