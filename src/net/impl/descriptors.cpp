#include "net/impl/descriptors.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace intent::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

error_code last_error() { return {errno, boost::asio::error::get_system_category()}; }

#ifndef SOCK_CLOEXEC
// Systems without the flag have a gap between the two calls.
int close_on_exec(int descriptor) noexcept {
    if (descriptor >= 0) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}
#endif

int accept_from(int listener) noexcept {
#ifdef SOCK_CLOEXEC
    return ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
#else
    return close_on_exec(::accept(listener, nullptr, nullptr));
#endif
}

template <class Socket>
void open(Socket& socket, const tcp& protocol, error_code& error) {
    const int descriptor = make_socket(protocol.family(), protocol.type(), protocol.protocol());
    if (descriptor < 0) {
        error = last_error();
        return;
    }
    socket.assign(protocol, descriptor, error);
    if (error) ::close(descriptor);
}

}  // namespace

int make_socket(int family, int type, int protocol) noexcept {
#ifdef SOCK_CLOEXEC
    return ::socket(family, type | SOCK_CLOEXEC, protocol);
#else
    return close_on_exec(::socket(family, type, protocol));
#endif
}

void open_socket(tcp::socket& socket, const tcp& protocol, error_code& error) { open(socket, protocol, error); }

void open_acceptor(tcp::acceptor& acceptor, const tcp& protocol, error_code& error) { open(acceptor, protocol, error); }

tcp::socket accept_socket(tcp::acceptor& acceptor, error_code& error) {
    tcp::socket socket(acceptor.get_executor());
    const auto protocol = acceptor.local_endpoint(error).protocol();
    if (error) return socket;
    const int descriptor = accept_from(acceptor.native_handle());
    if (descriptor < 0) {
        error = last_error();
        return socket;
    }
    socket.assign(protocol, descriptor, error);
    if (error) ::close(descriptor);
    return socket;
}

}  // namespace intent::net
