#include "net/url.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace intent::net {

namespace {

constexpr std::size_t max_url_bytes = 8192;

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_host_char(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; }

bool is_ipv6_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

std::uint16_t own_port(std::string_view scheme) { return scheme == "wss" || scheme == "https" ? 443 : 80; }

// Sets `port`, or returns an error.
std::optional<std::string> parse_port(std::string_view text, std::uint16_t& port) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535)
        return "the port is not a number from 1 to 65535";
    port = static_cast<std::uint16_t>(value);
    return std::nullopt;
}

// Splits `host[:port]` or `[v6][:port]`; returns an error for anything else.
std::optional<std::string> parse_authority(std::string_view authority, Url& url) {
    std::string_view rest;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == authority.npos) return "the IPv6 address has no closing ']'";
        url.host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return "after the IPv6 address only ':' and a port may follow";
        if (url.host.find(':') == std::string::npos || !std::all_of(url.host.begin(), url.host.end(), is_ipv6_char))
            return "the text in brackets is not an IPv6 address";
    } else {
        const auto colon = authority.find(':');
        url.host = authority.substr(0, colon);
        if (colon != authority.npos) rest = authority.substr(colon);
        if (url.host.empty()) return "the host is missing";
        if (!std::all_of(url.host.begin(), url.host.end(), is_host_char))
            return "the host has a character other than letters, digits, '-', '.' and '_' (write an international name "
                   "in its xn-- form, an IPv6 address in brackets)";
    }
    if (rest.empty()) return std::nullopt;
    return parse_port(rest.substr(1), url.port);
}

}  // namespace

std::string Url::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    std::string result = scheme + "://" + (v6 ? "[" + host + "]" : host);
    if (port != own_port(scheme)) result += ":" + std::to_string(port);
    return result + target;
}

std::variant<Url, std::string> parse_url(std::string_view text, std::string_view plain_scheme,
                                         std::string_view secure_scheme) {
    const std::string allowed = std::string(plain_scheme) + ":// or " + std::string(secure_scheme) + "://";
    if (text.empty()) return "the URL is empty";
    if (text.size() > max_url_bytes) return "the URL is longer than " + std::to_string(max_url_bytes) + " bytes";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f) return "the URL contains white space or a control byte";
        if (byte > 0x7f) return "the URL contains a byte outside ASCII (percent-encode it)";
    }
    const auto separator = text.find("://");
    if (separator == text.npos) return "the URL does not begin with " + allowed;
    Url url;
    url.scheme = text::lower_case(text.substr(0, separator));
    if (url.scheme != plain_scheme && url.scheme != secure_scheme)
        return "the URL's scheme is not allowed here, it must begin with " + allowed;
    url.port = own_port(url.scheme);
    if (text.find('#') != text.npos) return "the URL has a fragment (#…), which is not allowed";

    const auto rest = text.substr(separator + 3);
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    if (rest.substr(0, end).find('@') != rest.npos) return "the URL names a user (…@), which is not allowed";
    if (auto error = parse_authority(rest.substr(0, end), url)) return *error;
    url.target = rest.substr(end);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    return url;
}

}  // namespace intent::net
