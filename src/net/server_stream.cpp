#include "net/impl/server_stream.hpp"

namespace intent::net {

namespace {

// Hides the erased handler's executor, which is the stream's own: one thread runs everything here.
auto plain(boost::asio::any_completion_handler<void(ServerStream::Error, std::size_t)> handler) {
    return [held = std::move(handler)](const ServerStream::Error& error, std::size_t bytes) mutable {
        std::move(held)(error, bytes);
    };
}

}  // namespace

void ServerStream::start_read(const ReadBuffers& buffers, Handler handler) {
    if (tls_) return tls_->async_read_some(buffers, plain(std::move(handler)));
    tcp_->async_read_some(buffers, plain(std::move(handler)));
}

void ServerStream::start_write(const WriteBuffers& buffers, Handler handler) {
    if (tls_) return tls_->async_write_some(buffers, plain(std::move(handler)));
    tcp_->async_write_some(buffers, plain(std::move(handler)));
}

}  // namespace intent::net
