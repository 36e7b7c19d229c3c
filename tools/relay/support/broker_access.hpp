// The connection of the relay's commands to the broker.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/wire/subjects.hpp"
#include "tools/intent/relay/flags.hpp"

#include <intent/broker_options.hpp>

#include <memory>

namespace tool {

/// The options of the environment, with those of the flags in their place.
///
/// Errors: WrongUsage for a password file that cannot be read or that other users can access; ConfigError that names
/// the variable.
intent::BrokerOptions broker_options(const BrokerFlags& flags);

/// A connected broker, and the bot's names there.
struct BrokerAccess {
    std::shared_ptr<intent::relay::broker::Connection> connection;
    intent::relay::Names names;
};

/// Connects. Errors: those of `broker_options`; std::runtime_error with the reason if it takes longer than 5 s.
BrokerAccess connect_to_broker(const BrokerFlags& flags);

/// The subject on which relays report their state to `intent relay status`.
std::string status_subject(const intent::relay::Names& names);

}  // namespace tool
