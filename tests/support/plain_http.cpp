#include "tests/support/plain_http.hpp"

#include "tests/support/loopback.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace intent::test {
namespace {

std::size_t content_length(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto at = head.find(name);
    return at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

PlainHttp::PlainHttp(std::uint16_t port, std::string token)
    : token_(std::move(token)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const sockaddr_in address = loopback(port);
    open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

PlainHttp::~PlainHttp() { ::close(socket_); }

std::optional<PlainAnswer> PlainHttp::call(std::string_view method, std::string_view path, std::string_view body) {
    send(method, path, body);
    return read_answer();
}

void PlainHttp::send(std::string_view method, std::string_view path, std::string_view body) {
    std::string request(method);
    request.append(" ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ").append(token_);
    request.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    open_ =
        open_ && ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
}

std::optional<PlainAnswer> PlainHttp::read_answer() {
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

std::optional<std::size_t> PlainHttp::read_until(const std::function<std::size_t()>& find) {
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

}  // namespace intent::test
