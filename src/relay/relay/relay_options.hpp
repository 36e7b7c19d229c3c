// The options of a relay, checked, and what follows from them.
#pragma once

#include "relay/broker/stream_config.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/relay.hpp>

#include <string>
#include <vector>

namespace intent::relay {

/// Errors: ConfigError that names the option, and what is allowed. The client checks its own options.
void check(const RelayOptions& options);

/// "<host>-<random>"
std::string make_relay_id();

/// The client's options as a relay needs them.
ClientOptions client_options(const RelayOptions& options);

/// The option that sets how much of the broker's store a stream or bucket reserves; empty: it reserves nothing.
std::string size_option(const std::string& name, const Names& names);

std::vector<broker::StreamConfig> streams(const RelayOptions& options, const Names& names);
std::vector<broker::BucketConfig> buckets(const RelayOptions& options, const Names& names);

}  // namespace intent::relay
