// Checks options and converts them into the runtime's settings.
#pragma once

#include "net/listen_address.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"
#include "run/rest_runner.hpp"

#include <intent/client.hpp>
#include <intent/rest.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace intent::client {

struct RuntimeSettings {
    Token token;
    runner::RestSettings rest;
    unsigned handler_threads = 1;
    std::size_t queue_bytes = 64u << 20;
    std::shared_ptr<LogSink> log;
    std::shared_ptr<IoThread> io_thread = {};  ///< null: own thread
    Clock clock = {};
    bool collect_metrics = false;
    std::optional<net::ListenAddress> metrics_endpoint = {};
    std::shared_ptr<MetricsSource> metrics_source = {};
    Tracing tracing = Tracing::off;
};

/// Errors: ConfigError that names the option.
RuntimeSettings rest_settings(RestOptions options);
RuntimeSettings rest_settings(const ClientOptions& options);
/// The same for a client that needs no token.
RuntimeSettings remote_settings(const ClientOptions& options);
net::Url gateway_url(const ClientOptions& options);
net::TlsOptions tls_options(const TlsSettings& settings);

/// Returns the proxies for the gateway or the REST API at `url`. Reads the environment.
///
/// Errors: ConfigError if the proxy for `url` is unusable; the message does not show the proxy's URL.
net::ProxyRules proxy_rules(const Proxy& proxy, const net::Url& url);

}  // namespace intent::client
