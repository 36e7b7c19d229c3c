// Selects the HTTP proxy of a connection.
#pragma once

#include "net/url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace intent::net {

/// An HTTP proxy. User and password are secrets; `place()` is safe to log.
struct ProxyAddress {
    std::string host;  ///< without brackets
    std::uint16_t port = 0;
    std::string user = {};  ///< decoded; empty: no credentials
    std::string password = {};
    /// "proxy.example.org:3128"
    std::string place() const;
};

/// The proxy configuration: one proxy for each kind of URL, and the hosts that bypass it.
struct ProxyRules {
    struct Rule {
        std::string source = {};  ///< where it is set, for errors: "HTTPS_PROXY"
        std::string url = {};     ///< `[http://][user[:password]@]host[:port]`; empty: none
    };
    Rule plain = {};              ///< for http:// and ws://
    Rule secure = {};             ///< for https:// and wss://
    std::string exceptions = {};  ///< as NO_PROXY: names (with subdomains), addresses, networks (10.0.0.0/8), or "*"
};

/// monostate: a direct connection; string: an error.
using ProxyChoice = std::variant<std::monostate, ProxyAddress, std::string>;

/// Returns the proxy for a URL, or why the configured one cannot be used; the text names the rule's source, never its
/// URL. This machine (localhost, names below it, loopback and unspecified addresses) is always reached directly.
ProxyChoice choose_proxy(const ProxyRules& rules, const Url& url);

/// Whether an entry of the list (see `ProxyRules::exceptions`) matches the host.
bool is_excepted(std::string_view exceptions, std::string_view host);

/// "localhost", "a.localhost", "127.0.0.2", "::1", "0.0.0.0"
bool is_this_machine(std::string_view host);

}  // namespace intent::net
