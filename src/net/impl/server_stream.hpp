// What a connection of the server reads and writes: TCP, or TLS over TCP.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <utility>

namespace intent::net {

/// One of the two streams behind one type, so that HTTP and WebSocket are compiled once for both.
class ServerStream {
public:
    using Tcp = boost::beast::tcp_stream;
    using Tls = boost::asio::ssl::stream<Tcp>;
    using executor_type = Tcp::executor_type;

    ServerStream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* context)
        : tcp_(std::make_unique<Tcp>(std::move(socket))) {
        if (!context) return;
        tls_ = std::make_unique<Tls>(std::move(*tcp_), *context);
        tcp_.reset();
    }

    Tcp& tcp() { return tls_ ? tls_->next_layer() : *tcp_; }
    Tls* tls() { return tls_.get(); }
    executor_type get_executor() noexcept { return tcp().get_executor(); }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        return tls_ ? tls_->async_read_some(buffers, std::forward<Handler>(handler))
                    : tcp_->async_read_some(buffers, std::forward<Handler>(handler));
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return tls_ ? tls_->async_write_some(buffers, std::forward<Handler>(handler))
                    : tcp_->async_write_some(buffers, std::forward<Handler>(handler));
    }

    /// Cuts the connection; what is under way ends with an error.
    void cut() {
        if (!tls_ && !tcp_) return;  // moved from
        boost::system::error_code ignored;
        tcp().socket().close(ignored);
    }

private:
    std::unique_ptr<Tcp> tcp_;
    std::unique_ptr<Tls> tls_;
};

// Beast asks for these by argument-dependent look-up when a WebSocket ends.

inline void beast_close_socket(ServerStream& stream) { stream.cut(); }

inline void teardown(boost::beast::role_type, ServerStream& stream, boost::system::error_code& error) {
    stream.tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
    stream.cut();
}

/// Ends the sending side, so that the peer reads the close frame and then the end, not a reset.
template <class Handler>
void async_teardown(boost::beast::role_type, ServerStream& stream, Handler&& handler) {
    boost::system::error_code error;
    stream.tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
    boost::asio::post(stream.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

}  // namespace intent::net
