// What a client measures, and where it serves the measurements.
#pragma once

#include <intent/detail/export.hpp>

#include <memory>
#include <string>
#include <vector>

namespace intent::inline v0 {

/// Metrics and health of a program's own, served together with those of its client.
///
/// Threads: the functions are called on the thread of a scrape, possibly several at the same time.
class INTENT_API MetricsSource {
public:
    MetricsSource() = default;
    virtual ~MetricsSource();
    MetricsSource(const MetricsSource&) = delete;
    MetricsSource& operator=(const MetricsSource&) = delete;

    /// Returns metrics in the text format of Prometheus, version 0.0.4, with a line break at the end. Their names must
    /// not begin with `intent_`, except in the SDK's own components.
    ///
    /// Errors: whatever it throws leaves the source out of this scrape.
    virtual std::string metrics() = 0;

    /// Returns why the program is not ready, one short text for each reason; empty if it is.
    virtual std::vector<std::string> unready_reasons() { return {}; }
};

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
    /// Further metrics for `Client::metrics` and the endpoint, and reasons for `/readyz`; null: none.
    std::shared_ptr<MetricsSource> source = {};

    friend bool operator==(const MetricsOptions&, const MetricsOptions&) = default;
};

}  // namespace intent
