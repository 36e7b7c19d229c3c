// The stream below a WebSocket client: TCP, or TLS over TCP.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace intent::net {

/// A connected byte stream. At most one `read` and one `write` may be pending; buffers must live until they complete.
///
/// Threads: the loop's thread.
class Transport {
public:
    using Error = boost::system::error_code;

    /// Receives the completions. Operations keep it alive.
    class User {
    public:
        virtual ~User() = default;
        virtual void on_secured(const Error& error) = 0;
        virtual void on_read(const Error& error, std::size_t bytes) = 0;
        virtual void on_written(const Error& error) = 0;
    };

    virtual ~Transport() = default;
    /// TLS handshake; completes at once for plain TCP.
    virtual void secure(std::shared_ptr<User> user) = 0;
    virtual void read(boost::asio::mutable_buffer buffer, std::shared_ptr<User> user) = 0;
    virtual void write(boost::asio::const_buffer buffer, std::shared_ptr<User> user) = 0;
    /// Reads what has arrived, without waiting: `would_block` if there is nothing. Not while a write is pending.
    virtual std::size_t read_now(boost::asio::mutable_buffer buffer, Error& error) = 0;
    /// True if a read may leave bytes behind although its buffer had room.
    virtual bool reads_in_pieces() const = 0;
    /// Bytes waiting to be read, as far as known.
    virtual std::size_t available() const = 0;
    /// Signals the end of the stream to the peer, then closes.
    virtual void shut_down() = 0;
    virtual void cut() = 0;
    /// The problem in `secure`.
    virtual std::string describe(const Error& error) const = 0;
};

std::unique_ptr<Transport> make_tcp_transport(boost::asio::ip::tcp::socket socket);

/// TLS with the server named `host`.
std::unique_ptr<Transport> make_tls_transport(boost::asio::ip::tcp::socket socket,
                                              std::shared_ptr<boost::asio::ssl::context> context,
                                              const std::string& host);

}  // namespace intent::net
