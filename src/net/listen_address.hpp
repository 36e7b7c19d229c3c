// The text of an address to listen on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace intent::net {

struct ListenAddress {
    std::string host;  ///< an IP address, without brackets
    std::uint16_t port = 0;
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Reads "127.0.0.1:9464" or "[::1]:0". Otherwise the result is the problem, and what is allowed.
std::variant<ListenAddress, std::string> parse_listen_address(std::string_view text);

}  // namespace intent::net
