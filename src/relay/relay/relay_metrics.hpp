// The metrics of a relay, and why it is not ready.
#pragma once

#include "relay/relay/counters.hpp"

#include <intent/relay.hpp>

#include <string>
#include <vector>

namespace intent::relay {

/// In the text format of Prometheus.
std::string relay_metrics(const RelayStatus& status, const Counters& counters);

/// A standby is ready as long as it could lead: it has a broker.
std::vector<std::string> unready_reasons(const RelayStatus& status);

}  // namespace intent::relay
