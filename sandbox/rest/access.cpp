#include "sandbox/rest/access.hpp"

#include "text/ascii.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <array>

namespace intent::inline v0::sandbox {
namespace {

bool is_loopback_v4(std::string_view text) {
    return text.starts_with("127.") && std::count(text.begin(), text.end(), '.') == 3 &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_loopback_address(std::string_view address) {
    if (address.starts_with("::ffff:")) address.remove_prefix(7);
    return address == "::1" || is_loopback_v4(address);
}

/// `localhost` and what is below it: no DNS server of anyone else answers for them (RFC 6761).
bool names_this_machine(std::string_view name) {
    const std::string plain = text::lower_case(name);
    return plain == "localhost" || plain.ends_with(".localhost") || plain == "[::1]" || is_loopback_v4(plain);
}

struct Authority {
    std::string_view name;
    std::string_view port;  ///< digits; empty: the scheme's own
};

/// "localhost:8080", "[::1]"; unset if it is malformed.
std::optional<Authority> split_authority(std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos) return text.empty() ? std::nullopt : std::optional(Authority{text, {}});
    const auto port = text.substr(colon + 1);
    const bool is_number = !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
    if (colon == 0 || !is_number) return std::nullopt;
    return Authority{text.substr(0, colon), port};
}

bool is_address(std::string_view name) {
    return name.starts_with('[') || (std::count(name.begin(), name.end(), '.') == 3 &&
                                     name.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// "https://app.example:8443" as browsers write it: lower case, no port that the scheme implies, no path.
std::string checked_origin(std::string_view given) {
    std::string origin = text::lower_case(given);
    if (origin == "null") return origin;
    if (origin.ends_with('/')) origin.pop_back();
    const auto scheme = origin.find("://");
    const auto rest = scheme == std::string::npos ? std::string_view() : std::string_view(origin).substr(scheme + 3);
    const auto plain = [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("/?#@\\\"<>").find(c) == std::string_view::npos;
    };
    const auto authority = split_authority(rest);
    if (scheme == 0 || !authority || !std::all_of(rest.begin(), rest.end(), plain))
        throw ConfigError("allowed_origins: \"" + std::string(given.substr(0, 100)) +
                          "\" is not an origin; expected scheme://host[:port], null, or *");
    const auto name = origin.substr(0, scheme);
    if ((name == "http" && authority->port == "80") || (name == "https" && authority->port == "443"))
        origin.resize(origin.rfind(':'));
    return origin;
}

/// "localhost:8080"; without a port the scheme's own is meant.
bool is_own_authority(std::string_view authority, std::uint16_t port, bool secure) {
    const auto parts = split_authority(authority);
    if (!parts || !names_this_machine(parts->name)) return false;
    return parts->port.empty() ? port == (secure ? 443 : 80) : parts->port == std::to_string(port);
}

bool is_own_origin(std::string_view origin, std::uint16_t port, bool secure) {
    const std::string_view scheme = secure ? "https://" : "http://";
    return origin.starts_with(scheme) && is_own_authority(origin.substr(scheme.size()), port, secure);
}

/// A request through a proxy on this machine has a loopback address and the `Host` that the proxy writes.
bool is_proxy_header(std::string_view name) {
    constexpr std::array<std::string_view, 5> names{"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip",
                                                    "via"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_loopback_origin(std::string_view origin) {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto authority = split_authority(origin.substr(scheme + 3));
    return authority && names_this_machine(authority->name);
}

Access::Access(std::string host, const std::vector<std::string>& origins, bool secure)
    : host_(text::lower_case(host.find(':') == std::string::npos ? host : "[" + host + "]")),
      loopback_only_(names_this_machine(host_)),
      scheme_(secure ? "https://" : "http://") {
    for (const auto& origin : origins) {
        if (origin == "*")
            any_ = true;
        else
            origins_.push_back(checked_origin(origin));
    }
}

bool Access::is_own_host(std::string_view authority) const {
    const auto parts = split_authority(authority);
    if (!parts) return false;
    const std::string name = text::lower_case(parts->name);
    if (names_this_machine(name)) return true;
    // A page gets a foreign name to lead here by a DNS record of its own domain: never an address, nor a name without a
    // dot.
    if (!loopback_only_ && (name == host_ || is_address(name) || name.find('.') == std::string::npos)) return true;
    const std::string place = text::lower_case(authority);
    return std::any_of(origins_.begin(), origins_.end(), [&](const std::string& origin) {
        const auto scheme = origin.find("://");
        return scheme != std::string::npos && origin.compare(scheme + 3, std::string::npos, place) == 0;
    });
}

bool Access::is_served(std::string_view origin, std::string_view authority) const {
    const std::string plain = text::lower_case(origin);
    return is_loopback_origin(plain) || plain == scheme_ + text::lower_case(authority) ||
           std::find(origins_.begin(), origins_.end(), plain) != origins_.end();
}

std::optional<std::string> Access::refusal(const RequestHeaders& headers) const {
    if (any_) return std::nullopt;
    std::string_view host;
    for (const auto& [name, value] : headers) {
        if (name != "host") continue;
        if (!is_own_host(value))
            return "Host: a web page could make this name lead here, so it is not served; use localhost, or allow it "
                   "with --allow-origin (sandbox::Options::allowed_origins)";
        host = value;
    }
    if (host.empty()) return "Host: required";
    for (const auto& [name, value] : headers)
        if (name == "origin" && !is_served(value, host))
            return "Origin: pages of other sites are not served; allow one with --allow-origin "
                   "(sandbox::Options::allowed_origins)";
    return std::nullopt;
}

std::optional<std::string> refusal(const ControlSource& source, std::uint16_t port, bool secure) {
    if (!is_loopback_address(source.peer)) return "control requests are accepted from this machine only";
    bool named = false;
    for (const auto& [name, value] : source.headers) {
        if (is_proxy_header(name)) return name + ": control requests are not accepted through a proxy";
        if (name == "host") {
            if (!is_own_authority(value, port, secure))
                return "Host: localhost, 127.0.0.1 or [::1] with the sandbox's port is allowed";
            named = true;
        }
        if (name == "origin" && !is_own_origin(value, port, secure))
            return "Origin: only the sandbox's own pages may send control requests";
        if (name == "sec-fetch-site" && value != "same-origin" && value != "none")
            return "Sec-Fetch-Site: only the sandbox's own pages may send control requests";
    }
    if (!named) return "Host: required";
    return std::nullopt;
}

}  // namespace intent::sandbox
