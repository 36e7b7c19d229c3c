// Parses and validates URLs.
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
    /// "wss://host:port/target", with brackets around IPv6, without the scheme's default port.
    std::string text() const;
};

/// Splits `text`. Requires one of the two schemes (`{"ws", "wss"}`) and a host, with an optional port 1-65535. Refuses
/// user info, fragments, white space and control bytes. The error names the invalid part and what is allowed; it never
/// repeats user info or a query.
std::variant<Url, std::string> parse_url(std::string_view text, std::string_view plain_scheme,
                                         std::string_view secure_scheme);

}  // namespace intent::net
