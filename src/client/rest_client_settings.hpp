// Checks options and turns them into what the cores take.
#pragma once

#include "client/rest_core.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

#include <intent/client.hpp>
#include <intent/rest.hpp>

namespace intent::client {

/// Errors: ConfigError that names the option.
detail::RestCore::Settings rest_settings(RestOptions options);
detail::RestCore::Settings rest_settings(const ClientOptions& options);
net::Url gateway_url(const ClientOptions& options);
net::TlsOptions tls_options(const TlsSettings& settings);

/// The proxies for gateway or REST API, at `url`. Reads the environment.
///
/// Errors: ConfigError, without the proxy's URL, if the one for `url` cannot be used.
net::ProxyRules proxy_rules(const Proxy& proxy, const net::Url& url);

}  // namespace intent::client
