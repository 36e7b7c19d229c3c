// The public options as those of a connection.
#pragma once

#include "relay/broker/options.hpp"

#include <intent/broker_options.hpp>

#include <string>

namespace intent::relay::broker {

/// `name`: what the broker's own reports call the connection. The constructor of Connection checks the rest.
ConnectionOptions connection_options(const BrokerOptions& options, std::string name);

}  // namespace intent::relay::broker
