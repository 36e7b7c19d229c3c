// A tunnel through an HTTP proxy (RFC 9110 §9.3.6).
#pragma once

#include "net/proxy.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>

namespace intent::net {

/// The meaning of an answer to CONNECT other than 2xx.
std::string proxy_refusal(int status);

/// Requests a connection to `target` ("host:port") from a proxy by CONNECT. Sets no deadline.
///
/// Threads: the loop's thread.
class Tunnel : public std::enable_shared_from_this<Tunnel> {
public:
    /// `error` is empty if `socket` now leads to the target.
    using Done = std::function<void(std::string error, boost::asio::ip::tcp::socket socket)>;

    explicit Tunnel(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
    void start(const std::string& target, const ProxyAddress& proxy, const std::string& user_agent, Done done);
    void cancel();  ///< `done` is not called afterwards

private:
    void read();
    void on_bytes();
    void finish(std::string error);

    boost::asio::ip::tcp::socket socket_;
    Done done_;
    std::string request_;
    std::string answer_;
};

}  // namespace intent::net
