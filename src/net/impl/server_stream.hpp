// The stream below a server connection: TCP, or TLS over TCP.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace intent::net {

/// One of the two streams behind one type, so that HTTP and WebSocket are compiled once for both. Handlers are
/// type-erased for the same reason.
class ServerStream {
public:
    using Tcp = boost::beast::tcp_stream;
    using Tls = boost::asio::ssl::stream<Tcp>;
    using executor_type = Tcp::executor_type;
    using Error = boost::system::error_code;

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
        return boost::asio::async_initiate<Handler, void(Error, std::size_t)>(
            [this](auto&& actual, const Buffers& into) {
                start_read(ReadBuffers(into), std::forward<decltype(actual)>(actual));
            },
            handler, buffers);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(Error, std::size_t)>(
            [this](auto&& actual, const Buffers& from) {
                start_write(WriteBuffers(from), std::forward<decltype(actual)>(actual));
            },
            handler, buffers);
    }

    /// Returns bytes that were read too far: the next reads deliver them first.
    void give_back(std::string_view bytes) { early_.insert(0, bytes); }

    /// Cuts the connection; pending operations end with an error.
    void cut() {
        if (!tls_ && !tcp_) return;  // moved from
        boost::system::error_code ignored;
        tcp().socket().close(ignored);
    }

private:
    /// The first buffers of a sequence; a "some" operation may leave the rest to the next one.
    template <class Buffer>
    class FewBuffers {
    public:
        using value_type = Buffer;
        using const_iterator = const Buffer*;

        template <class Buffers>
        explicit FewBuffers(const Buffers& all) {
            for (const Buffer buffer : boost::beast::buffers_range_ref(all)) {
                if (count_ == buffers_.size()) break;
                if (buffer.size() > 0) buffers_[count_++] = buffer;
            }
        }
        const_iterator begin() const { return buffers_.data(); }
        const_iterator end() const { return buffers_.data() + count_; }

    private:
        std::array<Buffer, 8> buffers_;
        std::size_t count_ = 0;
    };
    using ReadBuffers = FewBuffers<boost::asio::mutable_buffer>;
    using WriteBuffers = FewBuffers<boost::asio::const_buffer>;
    using Handler = boost::asio::any_completion_handler<void(Error, std::size_t)>;

    void start_read(const ReadBuffers& buffers, Handler handler);
    void start_write(const WriteBuffers& buffers, Handler handler);

    std::unique_ptr<Tcp> tcp_;
    std::unique_ptr<Tls> tls_;
    std::string early_;  // received, and not yet read by the current reader
};

// Beast finds these by argument-dependent look-up when a WebSocket ends.

inline void beast_close_socket(ServerStream& stream) { stream.cut(); }

inline void teardown(boost::beast::role_type, ServerStream& stream, boost::system::error_code& error) {
    stream.tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
    stream.cut();
}

/// Ends the sending side, so that the peer reads the close frame and then the end instead of a reset.
template <class Handler>
void async_teardown(boost::beast::role_type, ServerStream& stream, Handler&& handler) {
    boost::system::error_code error;
    stream.tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
    boost::asio::post(stream.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

}  // namespace intent::net
