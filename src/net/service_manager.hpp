// The service manager that started the process, such as systemd: where it takes notifications, and its watchdog.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

/// What the environment says about the service manager.
struct ServiceManager {
    std::string socket = {};                  ///< NOTIFY_SOCKET; empty: there is none
    std::chrono::microseconds watchdog = {};  ///< WATCHDOG_USEC, if it applies to this process; 0: no watchdog
    std::string problem = {};                 ///< a variable that is not usable, and why; empty: none
};

/// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Threads: as `environment_variable`.
ServiceManager service_manager_from_environment();

/// Whether the process has a terminal, whose end it learns by SIGHUP.
bool has_terminal();

/// Sends notifications (sd_notify(3)): lines of `NAME=value`, one datagram each.
///
/// Threads: `send` on any.
class NotifySocket {
public:
    /// `address`: a path that begins with `/`, or the name of an abstract socket behind `@`.
    explicit NotifySocket(const std::string& address);
    ~NotifySocket();
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// Returns the problem; empty on success. Waits up to half a second if the receiver does not read.
    std::string send(std::string_view text) const;

private:
    std::string address_;  // as the system takes it: an abstract one begins with a zero byte
    std::string problem_;  // why nothing can be sent
    int socket_ = -1;
};

}  // namespace intent::net
