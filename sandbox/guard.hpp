// Who may give orders to the sandbox.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::sandbox {

/// Where an order comes from.
struct OrderSource {
    std::string_view peer;                                            ///< address of the client
    const std::vector<std::pair<std::string, std::string>>& headers;  ///< names in lower case
};

/// Why the caller may not give orders to a sandbox on `port`; nothing if they may. The peer must be this machine. A
/// page of another site that a browser on this machine shows is told by `Origin` and `Sec-Fetch-Site`, and by `Host`
/// where a foreign name leads here (DNS rebinding). Headers that proxies add are refused: behind one on this machine
/// everybody would be a loopback peer.
std::optional<std::string> refusal(const OrderSource& source, std::uint16_t port, bool secure);

/// Whether a page with this `Origin` was served by this machine, on whatever port.
bool is_loopback_origin(std::string_view origin);

}  // namespace intent::sandbox
