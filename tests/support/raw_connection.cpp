#include "tests/support/raw_connection.hpp"

#include "tests/support/loopback.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace intent::test {

RawConnection::RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in address = loopback(port);
    open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

RawConnection::~RawConnection() {
    if (socket_ >= 0) ::close(socket_);
}

void RawConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void RawConnection::end_sending() { ::shutdown(socket_, SHUT_WR); }

std::string RawConnection::read_from(std::string_view wanted, std::size_t position) {
    char buffer[4096];
    while (received_.find(wanted, position) == std::string::npos) {
        const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0) break;
        received_.append(buffer, static_cast<std::size_t>(count));
    }
    return received_;
}

std::string RawConnection::read_all() {
    char buffer[4096];
    for (;;) {
        const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0) return received_;
        received_.append(buffer, static_cast<std::size_t>(count));
    }
}

std::string talk(std::uint16_t port, std::string_view bytes) {
    RawConnection connection(port);
    connection.send(bytes);
    connection.end_sending();
    return connection.read_all();
}

std::string upgrade_request(std::string_view path, std::string_view more_headers, std::string_view key) {
    std::string request("GET ");
    request.append(path).append(" HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    request.append("Sec-WebSocket-Version: 13\r\n").append(more_headers);
    if (!key.empty()) request.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
    return request + "\r\n";
}

}  // namespace intent::test
