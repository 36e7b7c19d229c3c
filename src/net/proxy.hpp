// Which HTTP proxy a connection goes through.
#pragma once

#include "net/url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace intent::net {

/// An HTTP proxy. User and password are secrets; `place()` is fit for a log.
struct ProxyAddress {
    std::string host;  ///< without brackets
    std::uint16_t port = 0;
    std::string user = {};  ///< decoded; empty: no credentials
    std::string password = {};
    /// "proxy.example.org:3128"
    std::string place() const;
};

/// What decides about proxies: one for each kind of URL, and the hosts that need none.
struct ProxyRules {
    struct Rule {
        std::string source = {};  ///< where it stands, for errors: "HTTPS_PROXY"
        std::string url = {};     ///< `[http://][user[:password]@]host[:port]`; empty: none
    };
    Rule plain = {};              ///< for http:// and ws://
    Rule secure = {};             ///< for https:// and wss://
    std::string exceptions = {};  ///< as NO_PROXY: names with all below them, addresses, networks (10.0.0.0/8), or "*"
};

/// Nothing: a direct connection.
using ProxyChoice = std::variant<std::monostate, ProxyAddress, std::string>;

/// The proxy for a URL, or why the one that is set cannot be used: it names the rule's source and never its URL. This
/// machine (localhost, names below it, loopback and unspecified addresses) is never reached through a proxy.
ProxyChoice choose_proxy(const ProxyRules& rules, const Url& url);

/// Does an entry of the list (see `ProxyRules::exceptions`) stand for the host?
bool is_excepted(std::string_view exceptions, std::string_view host);

/// "localhost", "a.localhost", "127.0.0.2", "::1", "0.0.0.0"
bool is_this_machine(std::string_view host);

}  // namespace intent::net
