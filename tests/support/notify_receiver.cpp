#include "tests/support/notify_receiver.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace intent::test {

NotifyReceiver::NotifyReceiver(const std::string& address) {
    sockaddr_un name{};
    if (address.size() >= sizeof name.sun_path) throw std::runtime_error("the address is too long: " + address);
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.data(), address.size());
    if (address.starts_with('@')) name.sun_path[0] = '\0';
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    if (socket_ < 0 || bind(socket_, reinterpret_cast<const sockaddr*>(&name), size) != 0)
        throw std::runtime_error("cannot bind " + address + ": " + std::strerror(errno));
}

NotifyReceiver::~NotifyReceiver() { close(socket_); }

std::optional<std::string> NotifyReceiver::next(std::chrono::milliseconds timeout) {
    pollfd wanted{socket_, POLLIN, 0};
    if (poll(&wanted, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
    char text[4096];
    const auto size = recv(socket_, text, sizeof text, 0);
    if (size < 0) return std::nullopt;
    return std::string(text, static_cast<std::size_t>(size));
}

bool NotifyReceiver::wait_line(const std::string& line, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        auto text = next(std::max(left, std::chrono::milliseconds(0)));
        if (!text) return false;
        last = *std::move(text);
        if (("\n" + last + "\n").find("\n" + line + "\n") != std::string::npos) return true;
    }
}

}  // namespace intent::test
