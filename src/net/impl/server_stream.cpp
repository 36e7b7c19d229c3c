#include "net/impl/server_stream.hpp"

#include <boost/beast/core/bind_handler.hpp>

namespace intent::net {

namespace {

// Hides the erased handler's executor, which is the stream's own: everything here runs on one thread.
auto plain(boost::asio::any_completion_handler<void(ServerStream::Error, std::size_t)> handler) {
    return [held = std::move(handler)](const ServerStream::Error& error, std::size_t bytes) mutable {
        std::move(held)(error, bytes);
    };
}

}  // namespace

void ServerStream::start_read(const ReadBuffers& buffers, Handler handler) {
    if (!early_.empty()) {
        const auto count = boost::asio::buffer_copy(buffers, boost::asio::buffer(early_));
        early_.erase(0, count);
        return boost::asio::post(get_executor(),
                                 boost::beast::bind_front_handler(plain(std::move(handler)), Error(), count));
    }
    if (tls_) return tls_->async_read_some(buffers, plain(std::move(handler)));
    tcp_->async_read_some(buffers, plain(std::move(handler)));
}

void ServerStream::start_write(const WriteBuffers& buffers, Handler handler) {
    if (tls_) return tls_->async_write_some(buffers, plain(std::move(handler)));
    tcp_->async_write_some(buffers, plain(std::move(handler)));
}

}  // namespace intent::net
