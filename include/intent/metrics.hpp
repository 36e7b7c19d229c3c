// What a client measures, and where it serves the measurements.
#pragma once

#include <string>

namespace intent::inline v0 {

/// The metrics of a client (`Client::metrics`, docs/metrics.md), and its HTTP endpoint for them and for health checks.
struct MetricsOptions {
    /// Count events, handlers, REST calls and commands in detail. False: `Client::metrics` contains only what the
    /// client knows anyway, such as the state of the connection, the queue, the caches and the process.
    bool collect = true;
    /// The address of the endpoint: "127.0.0.1:9464", "[::1]:9464", or port 0 for one that the system chooses
    /// (`Client::metrics_port`). An IP address, because a host name could mean more than one; empty: no endpoint.
    ///
    /// The endpoint serves `/metrics`, `/livez`, `/readyz` and `/version` without encryption and without a password,
    /// so anyone who reaches the address can read them. They contain no token, id or text of a user. Keep it on a
    /// loopback address, or make sure that only the monitoring system reaches it.
    std::string listen = {};

    friend bool operator==(const MetricsOptions&, const MetricsOptions&) = default;
};

}  // namespace intent
