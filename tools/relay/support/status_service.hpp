// Answers `intent relay status` in a running relay.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/relay.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tool {

/// The state of a relay as a JSON object on one line.
std::string relay_state(const intent::RelayStatus& status, const std::string& metrics);

/// A connection of its own to the broker, on which every request is answered with the text of `state`.
///
/// `state` is called on a thread of the connection, until this object is destroyed. Threads: one.
class StatusService {
public:
    /// Errors: ConfigError for options that are not valid. A broker that cannot be reached is none.
    StatusService(const intent::BrokerOptions& options, std::function<std::string()> state);

    /// Begins to answer once there is a connection. Call it again and again.
    void on_time();

private:
    std::shared_ptr<intent::relay::broker::Connection> connection_;
    const std::string subject_;
    const std::function<std::string()> state_;
    intent::relay::broker::Registration requests_;
};

}  // namespace tool
