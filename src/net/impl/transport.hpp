// What a WebSocket client writes to and reads from: TCP, or TLS over TCP.
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

/// A connected byte stream. At most one `read` and one `write` may be under way; buffers must live until they end.
///
/// Threads: the loop's thread.
class Transport {
public:
    using Error = boost::system::error_code;

    /// Takes the ends of what was begun. Operations hold it alive.
    class User {
    public:
        virtual ~User() = default;
        virtual void on_secured(const Error& error) = 0;
        virtual void on_read(const Error& error, std::size_t bytes) = 0;
        virtual void on_written(const Error& error) = 0;
    };

    virtual ~Transport() = default;
    /// TLS handshake; ends at once where there is nothing to do.
    virtual void secure(std::shared_ptr<User> user) = 0;
    virtual void read(boost::asio::mutable_buffer buffer, std::shared_ptr<User> user) = 0;
    virtual void write(boost::asio::const_buffer buffer, std::shared_ptr<User> user) = 0;
    /// Takes what has arrived, without waiting: `would_block` when there is nothing. Not while a write is under way.
    virtual std::size_t read_now(boost::asio::mutable_buffer buffer, Error& error) = 0;
    /// True if a read that left room in its buffer may have left bytes behind all the same.
    virtual bool reads_in_pieces() const = 0;
    /// Bytes that wait to be read, as far as one can tell.
    virtual std::size_t available() const = 0;
    /// Tells the peer that nothing more comes, then closes.
    virtual void shut_down() = 0;
    virtual void cut() = 0;
    /// What failed in `secure`.
    virtual std::string describe(const Error& error) const = 0;
};

std::unique_ptr<Transport> make_tcp_transport(boost::asio::ip::tcp::socket socket);

/// TLS with the server named `host`.
std::unique_ptr<Transport> make_tls_transport(boost::asio::ip::tcp::socket socket,
                                              std::shared_ptr<boost::asio::ssl::context> context,
                                              const std::string& host);

}  // namespace intent::net
