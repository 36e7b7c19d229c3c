#include "sandbox/guard.hpp"

#include <algorithm>
#include <array>

namespace intent::sandbox {
namespace {

bool is_loopback_v4(std::string_view text) {
    return text.starts_with("127.") && std::count(text.begin(), text.end(), '.') == 3 &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_loopback_address(std::string_view address) {
    if (address.starts_with("::ffff:")) address.remove_prefix(7);
    return address == "::1" || is_loopback_v4(address);
}

bool equal_but_for_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool names_this_machine(std::string_view name) {
    return equal_but_for_case(name, "localhost") || name == "[::1]" || is_loopback_v4(name);
}

/// "localhost:8080"; without a port the scheme's own is meant.
bool is_own_authority(std::string_view authority, std::uint16_t port, bool secure) {
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string wanted = std::to_string(port);
    if (colon == std::string_view::npos) return port == (secure ? 443 : 80) && names_this_machine(authority);
    return authority.substr(colon + 1) == wanted && names_this_machine(authority.substr(0, colon));
}

bool is_own_origin(std::string_view origin, std::uint16_t port, bool secure) {
    const std::string_view scheme = secure ? "https://" : "http://";
    return origin.starts_with(scheme) && is_own_authority(origin.substr(scheme.size()), port, secure);
}

/// Whoever asks through a proxy on this machine has a loopback address, and the `Host` that the proxy writes.
bool tells_of_proxy(std::string_view name) {
    constexpr std::array<std::string_view, 5> names{"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip",
                                                    "via"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_loopback_origin(std::string_view origin) {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto authority = origin.substr(scheme + 3);
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return names_this_machine(authority.substr(0, colon));
}

std::optional<std::string> refusal(const OrderSource& source, std::uint16_t port, bool secure) {
    if (!is_loopback_address(source.peer)) return "orders are taken from this machine alone";
    bool named = false;
    for (const auto& [name, value] : source.headers) {
        if (tells_of_proxy(name)) return name + ": orders are not taken through a proxy";
        if (name == "host") {
            if (!is_own_authority(value, port, secure))
                return "Host: localhost, 127.0.0.1 or [::1] with the sandbox's port is allowed";
            named = true;
        }
        if (name == "origin" && !is_own_origin(value, port, secure))
            return "Origin: only the sandbox's own pages may give orders";
        if (name == "sec-fetch-site" && value != "same-origin" && value != "none")
            return "Sec-Fetch-Site: only the sandbox's own pages may give orders";
    }
    if (!named) return "Host: required";
    return std::nullopt;
}

}  // namespace intent::sandbox
