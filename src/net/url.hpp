// URLs, split and checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace intent::net {

struct Url {
    std::string scheme;  ///< lower case
    std::string host;    ///< without brackets
    std::uint16_t port = 0;
    std::string target;  ///< path and query; at least "/"
    bool secure() const { return scheme == "wss" || scheme == "https"; }
    /// "wss://host:port/target", brackets around IPv6, the port left out when it is the scheme's own.
    std::string text() const;
};

/// Splits `text`. Allowed are the two schemes named (`{"ws", "wss"}`), a host, an optional port 1-65535; refused are
/// user info, fragments, white space, control bytes. The error says which part is wrong and what is allowed; it never
/// repeats user info or a query.
std::variant<Url, std::string> parse_url(std::string_view text, std::string_view plain_scheme,
                                         std::string_view secure_scheme);

}  // namespace intent::net
