// Which requests the sandbox serves, and who may control it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// Header fields of a request, names in lower case.
using RequestHeaders = std::vector<std::pair<std::string, std::string>>;

/// Keeps web pages of other sites away. Any page that a browser on this machine shows can send requests here and open
/// WebSockets; the browser names the page's site in `Origin`. With DNS rebinding a page is of the same origin as the
/// sandbox, but the `Host` that it names is a foreign one.
class Access {
public:
    /// `host`: the address that the sandbox listens on. `origins`: further origins whose pages are served; `*` for all.
    ///
    /// Errors: ConfigError for an origin that no browser sends.
    Access(std::string host, const std::vector<std::string>& origins, bool secure);

    /// Why a request is not served; unset if it is.
    std::optional<std::string> refusal(const RequestHeaders& headers) const;

private:
    bool is_own_host(std::string_view authority) const;
    bool is_served(std::string_view origin, std::string_view authority) const;

    std::string host_;
    std::vector<std::string> origins_ = {};  ///< in lower case, without a scheme's own port
    bool any_ = false;
    bool loopback_only_;
    std::string scheme_;  ///< "http://"
};

/// The origin of a control request.
struct ControlSource {
    std::string_view peer;  ///< address of the client
    const RequestHeaders& headers;
};

/// Why a control request to a sandbox on `port` is refused; unset if it is accepted. The peer must be this machine.
/// `Origin` and `Sec-Fetch-Site` reveal a page of another site in a browser on this machine, and `Host` a foreign name
/// that leads here (DNS rebinding). Headers that proxies add are refused: behind a proxy on this machine, every client
/// would be a loopback peer.
std::optional<std::string> refusal(const ControlSource& source, std::uint16_t port, bool secure);

/// Whether a page with this `Origin` was served by this machine, on whatever port.
bool is_loopback_origin(std::string_view origin);

}  // namespace intent::sandbox
