// The socket of a service manager: takes notifications.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace intent::test {

class NotifyReceiver {
public:
    /// `address`: a path, or an abstract name behind `@`.
    explicit NotifyReceiver(const std::string& address);
    ~NotifyReceiver();
    NotifyReceiver(const NotifyReceiver&) = delete;
    NotifyReceiver& operator=(const NotifyReceiver&) = delete;

    /// The next datagram.
    std::optional<std::string> next(std::chrono::milliseconds timeout);

    /// Skips datagrams until one has the line; false if none comes in time. `last` is that one.
    bool wait_line(const std::string& line, std::chrono::milliseconds timeout = std::chrono::seconds(60));
    std::string last;

private:
    int socket_ = -1;
};

}  // namespace intent::test
