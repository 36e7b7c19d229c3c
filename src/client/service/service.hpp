// A bot's program as a service: reloads, and notifications of the service manager.
#pragma once

#include "client/api/context.hpp"
#include "client/service/notifications.hpp"
#include "net/service_manager.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>

namespace intent::client {

/// Sends notifications, and starts reloads. The handlers and timers that it leaves with the client share it.
///
/// Threads: safe.
class Service final : public std::enable_shared_from_this<Service> {
public:
    /// `manager`: the socket is not empty.
    Service(const net::ServiceManager& manager, const detail::ClientContext& context);

    /// Reports the states of the connection, and keeps the watchdog content while the client runs.
    void start(Client& client, const std::shared_ptr<Running>& running);
    void on_stopping();

    /// A reload is about to begin. It lasts until the last copy of the result is destroyed; null if there is nothing to
    /// report.
    PendingRef on_reload();

private:
    class Reloading;
    class Round;

    /// Calls the input of the machine, and sends its text.
    template <class Input>
    void notify(Input input);
    void watch(Running& running);

    const GuardedLog log_;
    const net::NotifySocket socket_;
    const std::chrono::microseconds watchdog_;
    std::mutex mutex_;  // guards the rest; also held while sending, so that texts arrive in the order of the inputs
    Notifications notifications_;
    std::uint64_t failures_ = 0;
    std::weak_ptr<Round> round_;  // used by the I/O thread
};

}  // namespace intent::client
