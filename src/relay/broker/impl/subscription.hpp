// Subscriptions of the library with a C++ callback. Only sources of this folder include this.
#pragma once

#include "relay/broker/impl/gate.hpp"
#include "relay/broker/impl/nats_handles.hpp"
#include "relay/broker/message.hpp"
#include "text/redactor.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace intent::relay::broker {

/// The message as a value.
Message to_message(natsMsg* message);

/// Ends with this object; then the callback has returned, unless it destroys this object.
class Subscription {
public:
    using Received = std::function<void(Message)>;
    using Failed = std::function<void(const std::exception& error)>;

    /// `failed` gets what `received` throws: the library, which is C, must not see an exception. `max_waiting` 0: no
    /// limit. Errors: as `throw_error`.
    Subscription(natsConnection* connection, const std::string& subject, const std::string& queue_group,
                 Received received, Failed failed, std::size_t max_waiting, const text::Redactor& secrets);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    /// Ends the interest at the broker. What it has sent before is still delivered. Returns at once.
    void drain() noexcept;

private:
    struct State {
        Gate gate;
        Received received;
        Failed failed;
    };

    std::shared_ptr<State> state_;
    SubscriptionHandle handle_;
};

}  // namespace intent::relay::broker
