// The HTTP proxy of connections.
#pragma once

#include <intent/secret.hpp>

#include <utility>

namespace intent::inline v0 {

/// The proxy for the gateway and the REST API. By default the environment decides, as for curl: `https_proxy` or
/// `HTTPS_PROXY` for https:// and wss://, `http_proxy` for http:// and ws://, otherwise `all_proxy` or `ALL_PROXY`;
/// hosts in `no_proxy` or `NO_PROXY` are reached directly. The client's constructor reads the environment once.
///
/// Connections to this machine (localhost and loopback addresses) never use a proxy. Only http:// proxies are
/// supported, not https:// or SOCKS proxies; the gateway uses CONNECT, with and without TLS.
class Proxy {
public:
    /// Where the proxy comes from.
    enum class Use {
        environment,  ///< from HTTPS_PROXY and the like
        off,          ///< no proxy
        fixed,        ///< the one that `at` was given
    };

    /// Uses the proxy of the environment.
    Proxy() = default;

    /// Connects directly and ignores the environment.
    static Proxy off() {
        Proxy proxy;
        proxy.use_ = Use::off;
        return proxy;
    }

    /// Uses `http://[USER:PASSWORD@]HOST:PORT` for every host except this machine and ignores the environment. User and
    /// password are percent-encoded. The client's constructor throws ConfigError for an invalid URL.
    static Proxy at(Secret url) {
        Proxy proxy;
        proxy.use_ = Use::fixed;
        proxy.url_ = std::move(url);
        return proxy;
    }

    /// Where the proxy comes from.
    Use use() const noexcept { return use_; }
    /// The URL of a fixed proxy. It may contain a password.
    const Secret& url() const noexcept { return url_; }

private:
    Use use_ = Use::environment;
    Secret url_ = {};
};

}  // namespace intent
