#include "net/proxy.hpp"

#include "text/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace intent::net {

namespace asio = boost::asio;

namespace {

constexpr std::uint16_t default_proxy_port = 1080;  // curl's

std::optional<asio::ip::address> address_of(std::string_view text) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(text, error);
    if (error) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

std::string_view without_dot(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

bool is_below(std::string_view name, std::string_view domain) {
    if (name.size() < domain.size() || !text::equals_ignoring_case(name.substr(name.size() - domain.size()), domain))
        return false;
    return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

template <class Bytes>
bool share_bits(const Bytes& a, const Bytes& b, unsigned count) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const unsigned here = std::min(8U, count - std::min(count, static_cast<unsigned>(8 * i)));
        if (static_cast<unsigned>(a[i] ^ b[i]) >> (8 - here) != 0) return false;
    }
    return true;
}

// `entry` is an address or a network, such as "10.0.0.0/8".
bool holds(std::string_view entry, const asio::ip::address& host) {
    const auto slash = entry.find('/');
    auto base = entry.substr(0, slash);
    if (base.starts_with('[') && base.ends_with(']')) base = base.substr(1, base.size() - 2);
    const auto network = address_of(base);
    if (!network || network->is_v4() != host.is_v4()) return false;
    unsigned bits = host.is_v4() ? 32 : 128;
    if (slash != entry.npos) {
        const auto text = entry.substr(slash + 1);
        const unsigned most = bits;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
        if (error != std::errc() || end != text.data() + text.size() || bits > most) return false;
    }
    return host.is_v4() ? share_bits(host.to_v4().to_bytes(), network->to_v4().to_bytes(), bits)
                        : share_bits(host.to_v6().to_bytes(), network->to_v6().to_bytes(), bits);
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Decodes %XX; unset if the result would contain control bytes.
std::optional<std::string> decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            c = static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        result += c;
    }
    return result;
}

ProxyChoice parse_proxy(const ProxyRules::Rule& rule) {
    const auto wrong = [&](std::string_view what) { return rule.source + ": " + std::string(what); };
    std::string_view text = rule.url;
    if (const auto separator = text.find("://"); separator != text.npos) {
        if (!text::equals_ignoring_case(text.substr(0, separator), "http"))
            return wrong("only http:// proxies are supported, not https:// or SOCKS ones");
        text.remove_prefix(separator + 3);
    }
    text = text.substr(0, text.find_first_of("/?#"));
    ProxyAddress proxy;
    if (const auto at = text.rfind('@'); at != text.npos) {
        const auto credentials = text.substr(0, at);
        const auto colon = credentials.find(':');
        auto user = decoded(credentials.substr(0, colon));
        auto password = decoded(colon == credentials.npos ? "" : credentials.substr(colon + 1));
        if (!user || !password) return wrong("the proxy's user or password contains a control byte");
        // Basic credentials end the user at the first colon (RFC 7617 §2).
        if (user->find(':') != std::string::npos) return wrong("the proxy's user contains a colon");
        proxy.user = *std::move(user);
        proxy.password = *std::move(password);
        text.remove_prefix(at + 1);
    }
    const bool bare_v6 = !text.starts_with('[') && std::count(text.begin(), text.end(), ':') > 1;
    const bool has_port = text.starts_with('[') ? !text.ends_with(']') : text.find(':') != text.npos;
    const auto parsed = parse_url("http://" + std::string(text), "http", "https");
    if (const auto* fault = std::get_if<std::string>(&parsed); fault || bare_v6)
        return wrong("not a proxy's address, http://[USER:PASSWORD@]HOST:PORT" + (fault ? ": " + *fault : ""));
    const auto& url = std::get<Url>(parsed);
    proxy.host = url.host;
    proxy.port = has_port ? url.port : default_proxy_port;
    return proxy;
}

}  // namespace

std::string ProxyAddress::place() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

bool is_this_machine(std::string_view host) {
    if (const auto address = address_of(host)) return address->is_loopback() || address->is_unspecified();
    return is_below(without_dot(host), "localhost");
}

bool is_excepted(std::string_view exceptions, std::string_view host) {
    if (exceptions == "*") return true;
    const auto address = address_of(host);
    constexpr std::string_view separators = " \t,";
    for (auto begin = exceptions.find_first_not_of(separators); begin != exceptions.npos;
         begin = exceptions.find_first_not_of(separators, begin)) {
        const auto end = std::min(exceptions.find_first_of(separators, begin), exceptions.size());
        auto entry = exceptions.substr(begin, end - begin);
        begin = end;
        if (address) {
            if (holds(entry, *address)) return true;
            continue;
        }
        if (entry.starts_with('.')) entry.remove_prefix(1);
        entry = without_dot(entry);
        if (!entry.empty() && is_below(without_dot(host), entry)) return true;
    }
    return false;
}

ProxyChoice choose_proxy(const ProxyRules& rules, const Url& url) {
    const auto& rule = url.secure() ? rules.secure : rules.plain;
    if (rule.url.empty() || is_this_machine(url.host) || is_excepted(rules.exceptions, url.host)) return {};
    return parse_proxy(rule);
}

}  // namespace intent::net
