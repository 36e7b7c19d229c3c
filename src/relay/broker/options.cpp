#include "relay/broker/options.hpp"

#include "net/url.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <string_view>
#include <variant>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void fail(std::string_view field, std::string_view problem) {
    throw ConfigError("broker: " + std::string(field) + ": " + std::string(problem));
}

void check_url(const std::string& text) {
    const auto parsed = net::parse_url(text, "nats", "tls");
    if (const auto* problem = std::get_if<std::string>(&parsed)) fail("url", *problem);
    if (std::get<net::Url>(parsed).target != "/") fail("url", "nothing may follow the host and port");
}

void check_time(std::string_view field, milliseconds value, milliseconds least, milliseconds most) {
    if (value < least || value > most)
        fail(field, std::to_string(value.count()) + " ms is out of range (" + std::to_string(least.count()) + " to " +
                        std::to_string(most.count()) + " ms)");
}

void check_pair(std::string_view first, bool has_first, std::string_view second, bool has_second) {
    if (has_first != has_second) fail(has_first ? second : first, "must be set too");
}

void check_login(const ConnectionOptions& options) {
    check_pair("user", !options.user.empty(), "password", !options.password.empty());
    check_pair("nkey", !options.nkey.empty(), "nkey_seed_file", !options.nkey_seed_file.empty());
    const int ways = static_cast<int>(!options.user.empty()) + static_cast<int>(!options.token.empty()) +
                     static_cast<int>(!options.credentials_file.empty()) + static_cast<int>(!options.nkey.empty());
    if (ways > 1) fail("login", "only one of user, token, credentials_file and nkey can be set");
    if (!options.nkey.empty() && options.nkey.front() != 'U') fail("nkey", "is not a user's public key (U…)");
}

void check_inbox_prefix(std::string_view prefix) {
    constexpr std::size_t longest = 128;
    const bool valid = !prefix.empty() && prefix.size() <= longest && prefix.front() != '.' && prefix.back() != '.' &&
                       prefix.find("..") == std::string_view::npos && std::ranges::all_of(prefix, [](unsigned char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  c == '_' || c == '-' || c == '.';
                       });
    if (!valid)
        fail("inbox_prefix", "is not a subject (1 to 128 letters, digits, '_' and '-', with '.' between parts)");
    if (prefix == "intent" || prefix.starts_with("intent."))
        fail("inbox_prefix", "must not be \"intent\" or below it: a relay does not answer on subjects of bots");
}

}  // namespace

void check(const ConnectionOptions& options) {
    constexpr std::size_t most_urls = 16;
    if (options.urls.empty() || options.urls.size() > most_urls) fail("urls", "1 to 16 addresses are needed");
    for (const auto& url : options.urls)
        check_url(url);
    check_login(options);
    check_pair("certificate_file", !options.certificate_file.empty(), "key_file", !options.key_file.empty());
    check_inbox_prefix(options.inbox_prefix);
    check_time("connect_timeout", options.connect_timeout, milliseconds(100), milliseconds(60'000));
    check_time("request_timeout", options.request_timeout, milliseconds(100), milliseconds(60'000));
    check_time("first_reconnect_delay", options.first_reconnect_delay, milliseconds(1), milliseconds(60'000));
    check_time("max_reconnect_delay", options.max_reconnect_delay, options.first_reconnect_delay,
               milliseconds(600'000));
    check_time("ping_interval", options.ping_interval, milliseconds(100), milliseconds(600'000));
    check_time("write_timeout", options.write_timeout, milliseconds(100), milliseconds(60'000));
}

}  // namespace intent::relay::broker
