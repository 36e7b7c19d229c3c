// Which HTTP proxy the connections go through.
#pragma once

#include <intent/secret.hpp>

#include <utility>

namespace intent {

/// The proxy for the gateway and the REST API alike. By default the environment decides, as it does for curl:
/// `https_proxy` or `HTTPS_PROXY` for https:// and wss://, `http_proxy` for http:// and ws://, else `all_proxy` or
/// `ALL_PROXY`, and `no_proxy` or `NO_PROXY` for the hosts that are reached directly. It is read once, by the
/// constructor of the client.
///
/// This machine (localhost and loopback addresses) is never reached through a proxy. Only http:// proxies are
/// supported, not https:// or SOCKS ones; the gateway goes through them by CONNECT, with TLS and without.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Proxy {
public:
    enum class Use { environment, off, fixed };

    /// As the environment says.
    Proxy() = default;

    /// Direct connections, whatever the environment says.
    static Proxy off() {
        Proxy proxy;
        proxy.use_ = Use::off;
        return proxy;
    }

    /// `http://[USER:PASSWORD@]HOST:PORT`, user and password percent-encoded, for every host but this machine; the
    /// environment is not read. What it names is checked by the constructor of the client: ConfigError.
    static Proxy at(Secret url) {
        Proxy proxy;
        proxy.use_ = Use::fixed;
        proxy.url_ = std::move(url);
        return proxy;
    }

    Use use() const noexcept { return use_; }
    /// Of a fixed one. It may hold a password.
    const Secret& url() const noexcept { return url_; }

private:
    Use use_ = Use::environment;
    Secret url_ = {};
};

}  // namespace intent
