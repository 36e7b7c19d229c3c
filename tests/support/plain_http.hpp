// HTTP over one blocking connection to 127.0.0.1, for tests that must know exactly which answers arrived.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace intent::test {

struct PlainAnswer {
    int status = 0;
    std::string body = {};
};

/// Keep-alive; an answer without Content-Length has no body.
///
/// Threads: one at a time.
class PlainHttp {
public:
    PlainHttp(std::uint16_t port, std::string token)
        : token_(std::move(token)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~PlainHttp() { ::close(socket_); }
    PlainHttp(const PlainHttp&) = delete;
    PlainHttp& operator=(const PlainHttp&) = delete;

    /// No value if the connection ended before the whole answer was here.
    std::optional<PlainAnswer> call(std::string_view method, std::string_view path, std::string_view body = {}) {
        std::string request(method);
        request.append(" ")
            .append(path)
            .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ")
            .append(token_);
        request.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
        open_ = open_ &&
                ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
        const auto end = read_until([&] { return pending_.find("\r\n\r\n"); });
        if (!end) return std::nullopt;
        const std::string head = pending_.substr(0, *end);
        const std::size_t size = content_length(head);
        const auto whole = *end + 4 + size;
        if (!read_until([&] { return pending_.size() >= whole ? whole : std::string::npos; })) return std::nullopt;
        PlainAnswer answer{.status = std::atoi(head.substr(head.find(' ') + 1, 3).c_str()),
                           .body = pending_.substr(*end + 4, size)};
        pending_.erase(0, whole);
        return answer;
    }

private:
    template <class Find>
    std::optional<std::size_t> read_until(Find find) {
        for (;;) {
            const std::size_t found = find();
            if (found != std::string::npos) return found;
            char buffer[16384];
            const auto count = open_ ? ::recv(socket_, buffer, sizeof buffer, 0) : -1;
            open_ = count > 0;
            if (!open_) return std::nullopt;
            pending_.append(buffer, static_cast<std::size_t>(count));
        }
    }

    static std::size_t content_length(std::string head) {
        std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
        constexpr std::string_view name = "\r\ncontent-length:";
        const auto at = head.find(name);
        return at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + name.size(), nullptr, 10);
    }

    std::string token_;
    int socket_;
    bool open_ = false;
    std::string pending_;
};

}  // namespace intent::test
