// From a host name to a connected TCP socket.
#pragma once

#include "net/impl/loop_impl.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace intent::net {

/// Looks a name up and connects to the address that answers first. Tries the next address when one fails or has not
/// answered within a quarter of a second (in the manner of RFC 8305), alternating between IPv6 and IPv4. Sets no
/// deadline.
///
/// Threads: the loop's thread.
class Connector : public std::enable_shared_from_this<Connector> {
public:
    /// `error` is empty if `socket` is connected.
    using Done = std::function<void(std::string error, boost::asio::ip::tcp::socket socket)>;

    explicit Connector(Loop::Impl& loop);
    void start(const std::string& host, std::uint16_t port, Done done);
    void cancel();  ///< `done` is not called afterwards
    bool looking_up() const { return looking_up_; }

private:
    using Endpoint = boost::asio::ip::tcp::endpoint;

    void found_at_once(std::vector<boost::asio::ip::address> addresses);
    void on_found(const std::string& error, const std::vector<boost::asio::ip::address>& addresses);
    void try_next();
    void on_tried(std::size_t index, const boost::system::error_code& error);
    void finish(std::string error, boost::asio::ip::tcp::socket socket);

    Loop::Impl& loop_;
    Done done_;
    std::uint16_t port_ = 0;
    bool looking_up_ = false;
    std::vector<Endpoint> endpoints_;
    std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> attempts_;  // the n-th is for the n-th endpoint
    std::size_t failed_ = 0;
    std::string first_error_;
    boost::asio::steady_timer stagger_;
};

}  // namespace intent::net
