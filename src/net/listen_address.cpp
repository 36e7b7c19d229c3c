#include "net/listen_address.hpp"

#include "text/quoted.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <optional>

namespace intent::net {

namespace {

std::optional<ListenAddress> parsed(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);

    ListenAddress address{std::string(host)};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(address.host, error);
    if (error || ip.is_v6() != bracketed) return std::nullopt;
    return address;
}

}  // namespace

std::variant<ListenAddress, std::string> parse_listen_address(std::string_view text) {
    if (auto address = parsed(text)) return *std::move(address);
    return text::quoted(text) +
           " is not an IP address with a port (0 to 65535; 0: the system chooses one), such as \"127.0.0.1:9464\" or "
           "\"[::1]:0\"";
}

}  // namespace intent::net
