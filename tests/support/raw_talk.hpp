// Bytes to a server on this machine, and all that comes back.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace intent::test {

/// One blocking connection to 127.0.0.1.
///
/// Threads: one at a time.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawConnection() {
        if (socket_ >= 0) ::close(socket_);
    }
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    bool open() const { return open_; }
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// What has come once `wanted` is in it, or once the peer has ended.
    std::string read_until(std::string_view wanted) {
        char buffer[4096];
        while (received_.find(wanted) == std::string::npos) {
            const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
            if (count <= 0) break;
            received_.append(buffer, static_cast<std::size_t>(count));
        }
        return received_;
    }
    /// Everything until the peer ends.
    std::string read_all() {
        char buffer[4096];
        for (;;) {
            const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
            if (count <= 0) return received_;
            received_.append(buffer, static_cast<std::size_t>(count));
        }
    }

private:
    int socket_;
    bool open_ = false;
    std::string received_;
};

/// Sends the bytes, ends its side, and reads to the end.
inline std::string talk(std::uint16_t port, std::string_view bytes) {
    RawConnection connection(port);
    connection.send(bytes);
    connection.end_sending();
    return connection.read_all();
}

/// A request for a WebSocket, up to the empty line.
inline std::string upgrade_request(std::string_view path, std::string_view more_headers = {},
                                   std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==") {
    std::string request("GET ");
    request.append(path).append(" HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    request.append("Sec-WebSocket-Version: 13\r\n").append(more_headers);
    if (!key.empty()) request.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
    return request + "\r\n";
}

}  // namespace intent::test
