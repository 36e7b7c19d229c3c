// State that the server's connections share with the server.
#pragma once

#include "net/impl/loop_impl.hpp"
#include "net/impl/server_stream.hpp"
#include "net/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace intent::net {

/// A connection that the server can end.
class ServerConnection {
public:
    virtual ~ServerConnection() = default;
    /// Closes the socket; the user's handlers are not called afterwards.
    virtual void abandon() = 0;
};

/// The listener and the list of its connections. Lives as long as any of them.
class ServerCore : public std::enable_shared_from_this<ServerCore> {
public:
    ServerCore(Loop& loop, const ServerOptions& options, ServerHandler& handler);

    void start();
    void end();

    /// The user's handler; null once the server is gone.
    ServerHandler* handler() const { return handler_; }
    const ServerOptions& options() const { return options_; }
    const std::shared_ptr<VirtualClock>& clock() const { return clock_; }
    std::uint16_t port() const { return port_; }
    void add(const std::shared_ptr<ServerConnection>& connection) {
        const std::lock_guard lock(mutex_);
        connections_[connection.get()] = connection;
    }
    bool is_full() {
        const std::lock_guard lock(mutex_);
        return options_.max_connections != 0 && connections_.size() >= options_.max_connections;
    }
    /// Called by the destructor of a connection, on the thread that held it last.
    void remove(ServerConnection* connection) {
        const std::lock_guard lock(mutex_);
        connections_.erase(connection);
    }

private:
    void listen();
    void accept();
    void accept_waiting(boost::system::error_code& error);

    Loop::Impl& loop_;
    const std::shared_ptr<VirtualClock> clock_;  // null: the system's
    ServerOptions options_;
    ServerHandler* handler_;
    std::optional<boost::asio::ssl::context> tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    std::uint16_t port_ = 0;
    bool ended_ = false;
    std::mutex mutex_;
    std::map<ServerConnection*, std::weak_ptr<ServerConnection>> connections_;  // guarded by mutex_
};

/// Serves HTTP on a new connection; passes it on if it requests a WebSocket.
void serve_http(std::shared_ptr<ServerCore> core, ServerStream stream);

/// Takes over an upgrade request. Returns the stream if the user has no socket at that path.
std::optional<ServerStream> serve_socket(const std::shared_ptr<ServerCore>& core, ServerStream stream,
                                         const boost::beast::http::request<boost::beast::http::string_body>& upgrade,
                                         const ServerRequest& request);

}  // namespace intent::net
