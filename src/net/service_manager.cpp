#include "net/service_manager.hpp"

#include "net/environment.hpp"
#include "net/impl/text.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace intent::net {
namespace {

template <class Number>
std::optional<Number> number_of(const std::string& text) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

}  // namespace

ServiceManager service_manager_from_environment() {
    ServiceManager manager;
    manager.socket = environment_variable("NOTIFY_SOCKET").value_or("");
    const auto period = environment_variable("WATCHDOG_USEC");
    if (manager.socket.empty() || !period) return manager;
    if (const auto process = environment_variable("WATCHDOG_PID"); process && number_of<pid_t>(*process) != ::getpid())
        return manager;  // for the process that started this one
    const auto number = number_of<std::uint64_t>(*period);
    if (!number || *number == 0 || *number > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        manager.problem = "WATCHDOG_USEC: not a number of microseconds; the watchdog is not notified";
    else
        manager.watchdog = std::chrono::microseconds(static_cast<std::int64_t>(*number));
    return manager;
}

bool has_terminal() {
    const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return false;
    ::close(terminal);
    return true;
}

NotifySocket::NotifySocket(const std::string& address) : address_(address) {
    if (!address.starts_with('/') && !address.starts_with('@')) {
        problem_ = "must begin with / or @";
    } else if (address.size() < 2 || address.size() >= sizeof(sockaddr_un::sun_path)) {
        problem_ = "must have 2 to " + std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes";
    } else {
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket_ < 0) problem_ = system_problem("cannot be used");
        const timeval patience{0, 500'000};
        if (socket_ >= 0) ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (address_[0] == '@') address_[0] = '\0';
    }
}

NotifySocket::~NotifySocket() {
    if (socket_ >= 0) ::close(socket_);
}

std::string NotifySocket::send(std::string_view text) const {
    if (!problem_.empty()) return problem_;
    sockaddr_un receiver{};
    receiver.sun_family = AF_UNIX;
    std::memcpy(receiver.sun_path, address_.data(), address_.size());
    // An abstract name is all bytes up to the length; a path ends with a zero byte.
    const std::size_t size = offsetof(sockaddr_un, sun_path) + address_.size() + (address_[0] == '\0' ? 0 : 1);
    for (;;) {
        const auto sent = ::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL,
                                   reinterpret_cast<const sockaddr*>(&receiver), static_cast<socklen_t>(size));
        if (sent >= 0) return {};
        if (errno != EINTR) return system_problem("cannot be reached");
    }
}

}  // namespace intent::net
