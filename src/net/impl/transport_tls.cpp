#include "net/impl/tls.hpp"
#include "net/impl/transport.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace intent::net {

namespace {

using boost::asio::ip::tcp;

class TlsTransport : public Transport {
public:
    TlsTransport(tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context, const std::string& host)
        : context_(std::move(context)), host_(host), stream_(std::move(socket), *context_) {
        set_tls_peer(stream_.native_handle(), host);
    }

    void secure(std::shared_ptr<User> user) override {
        stream_.async_handshake(boost::asio::ssl::stream_base::client,
                                [user = std::move(user)](const Error& error) { user->on_secured(error); });
    }

    void read(boost::asio::mutable_buffer buffer, std::shared_ptr<User> user) override {
        stream_.async_read_some(
            buffer, [user = std::move(user)](const Error& error, std::size_t bytes) { user->on_read(error, bytes); });
    }

    void write(boost::asio::const_buffer buffer, std::shared_ptr<User> user) override {
        boost::asio::async_write(
            stream_, buffer, [user = std::move(user)](const Error& error, std::size_t) { user->on_written(error); });
    }

    std::size_t read_now(boost::asio::mutable_buffer buffer, Error& error) override {
        return stream_.read_some(buffer, error);
    }

    // One read returns at most one TLS record.
    bool reads_in_pieces() const override { return true; }

    std::size_t available() const override {
        Error ignored;
        auto& stream = const_cast<boost::asio::ssl::stream<tcp::socket>&>(stream_);
        return static_cast<std::size_t>(SSL_pending(stream.native_handle())) + stream_.next_layer().available(ignored);
    }

    void shut_down() override {
        Error ignored;
        stream_.shutdown(ignored);  // sends close_notify without waiting for the peer's
        stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
        cut();
    }

    void cut() override {
        Error ignored;
        stream_.next_layer().close(ignored);
    }

    std::string describe(const Error& error) const override {
        auto& stream = const_cast<boost::asio::ssl::stream<tcp::socket>&>(stream_);
        const bool checked = (SSL_get_verify_mode(stream.native_handle()) & SSL_VERIFY_PEER) != 0;
        auto fault = checked ? certificate_fault(stream.native_handle(), host_) : std::string();
        if (!fault.empty()) return fault;
        if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated)
            return "the server ended the connection during the TLS handshake (does it speak TLS?)";
        return "the TLS handshake failed: " + error.message();
    }

private:
    std::shared_ptr<boost::asio::ssl::context> context_;
    std::string host_;
    boost::asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> make_tls_transport(tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context,
                                              const std::string& host) {
    return std::make_unique<TlsTransport>(std::move(socket), std::move(context), host);
}

}  // namespace intent::net
