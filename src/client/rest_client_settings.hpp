// Checks options and turns them into what the cores take.
#pragma once

#include "client/rest_core.hpp"
#include "net/url.hpp"

#include <intent/client.hpp>
#include <intent/rest.hpp>

namespace intent::client {

/// Errors: ConfigError that names the option.
detail::RestCore::Settings rest_settings(RestOptions options);
detail::RestCore::Settings rest_settings(const ClientOptions& options);
net::Url gateway_url(const ClientOptions& options);
net::TlsOptions tls_options(const TlsSettings& settings);

}  // namespace intent::client
