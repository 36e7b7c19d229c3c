// Sockets that child processes do not inherit.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace intent::net {

/// `socket(2)`, close-on-exec from the start, so that a fork in another thread cannot inherit it. -1 with errno on
/// failure.
int make_socket(int family, int type, int protocol) noexcept;

/// `open` of Asio's sockets, close-on-exec.
void open_socket(boost::asio::ip::tcp::socket& socket, const boost::asio::ip::tcp& protocol,
                 boost::system::error_code& error);
void open_acceptor(boost::asio::ip::tcp::acceptor& acceptor, const boost::asio::ip::tcp& protocol,
                   boost::system::error_code& error);

/// Accepts a connection from a non-blocking acceptor, close-on-exec; `would_block` if none is waiting.
boost::asio::ip::tcp::socket accept_socket(boost::asio::ip::tcp::acceptor& acceptor, boost::system::error_code& error);

}  // namespace intent::net
