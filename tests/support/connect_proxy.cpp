#include "tests/support/connect_proxy.hpp"

#include "tests/support/loopback.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace intent::test {
namespace {

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
}

/// Until either side ends.
void relay(int client, int server) {
    pollfd sides[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    for (;;) {
        if (::poll(sides, 2, -1) < 0) return;
        for (int i = 0; i < 2; ++i) {
            if (sides[i].revents == 0) continue;
            char buffer[16384];
            const auto count = ::recv(sides[i].fd, buffer, sizeof buffer, 0);
            if (count <= 0) return;
            for (ssize_t sent = 0; sent < count;) {
                const auto more =
                    ::send(sides[1 - i].fd, buffer + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
                if (more <= 0) return;
                sent += more;
            }
        }
    }
}

}  // namespace

ConnectProxy::ConnectProxy(std::string credentials)
    : credentials_(std::move(credentials)), peer_([this](PeerConnection& connection) { serve(connection); }) {}

std::string ConnectProxy::url(std::string_view user_info) const {
    return "http://" + std::string(user_info) + "127.0.0.1:" + std::to_string(peer_.port());
}

std::vector<std::string> ConnectProxy::heads() {
    return monitor_.read([&] { return heads_; });
}

void ConnectProxy::serve(PeerConnection& connection) {
    const auto head = connection.read_head();
    if (head.empty()) return;
    monitor_.change([&] { heads_.push_back(head); });
    if (!credentials_.empty() && head.find("Proxy-Authorization: Basic " + credentials_ + "\r\n") == head.npos) {
        connection.send(
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
            "Content-Length: 0\r\n\r\n");
        return;
    }
    const bool tunnel = head.starts_with("CONNECT ");
    auto target = head.substr(head.find(' ') + 1);
    target.resize(target.find(' '));
    if (!tunnel) target.erase(0, std::string_view("http://").size());
    const auto path_begin = std::min(target.find('/'), target.size());
    const auto path = target.substr(path_begin);
    const auto port = target.substr(target.rfind(':', path_begin) + 1, path_begin);
    const int server = connect_to(static_cast<std::uint16_t>(std::atoi(port.c_str())));
    if (server < 0) {
        connection.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    if (tunnel) {
        connection.send("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n");
    } else {
        const auto request = head.substr(0, head.find(' ') + 1) + path + head.substr(head.find(" HTTP/"));
        ::send(server, request.data(), request.size(), MSG_NOSIGNAL);
    }
    relay(connection.handle(), server);
    ::close(server);
}

}  // namespace intent::test
