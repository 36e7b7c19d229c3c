#include "net/impl/transport.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace intent::net {

namespace {

using boost::asio::ip::tcp;

class TcpTransport : public Transport {
public:
    explicit TcpTransport(tcp::socket socket) : socket_(std::move(socket)) {}

    void secure(std::shared_ptr<User> user) override {
        boost::asio::post(socket_.get_executor(), [user = std::move(user)] { user->on_secured({}); });
    }

    void read(boost::asio::mutable_buffer buffer, std::shared_ptr<User> user) override {
        socket_.async_read_some(
            buffer, [user = std::move(user)](const Error& error, std::size_t bytes) { user->on_read(error, bytes); });
    }

    void write(boost::asio::const_buffer buffer, std::shared_ptr<User> user) override {
        boost::asio::async_write(
            socket_, buffer, [user = std::move(user)](const Error& error, std::size_t) { user->on_written(error); });
    }

    std::size_t read_now(boost::asio::mutable_buffer buffer, Error& error) override {
        return socket_.read_some(buffer, error);
    }

    bool reads_in_pieces() const override { return false; }

    std::size_t available() const override {
        Error ignored;
        return socket_.available(ignored);
    }

    void shut_down() override {
        Error ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        cut();
    }

    void cut() override {
        Error ignored;
        socket_.close(ignored);
    }

    std::string describe(const Error& error) const override { return error.message(); }

private:
    tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Transport> make_tcp_transport(tcp::socket socket) {
    return std::make_unique<TcpTransport>(std::move(socket));
}

}  // namespace intent::net
