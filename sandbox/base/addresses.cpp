#include "sandbox/base/addresses.hpp"

namespace intent::inline v0::sandbox {

Addresses make_addresses(const std::string& host, std::uint16_t port, bool secure) {
    // Clients cannot connect to a wildcard address: use the loopback address instead.
    std::string name = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
    if (name.find(':') != std::string::npos) name = "[" + name + "]";
    const std::string place = name + ":" + std::to_string(port);
    const std::string s = secure ? "s" : "";
    return {.gateway = "ws" + s + "://" + place + "/gateway",
            .rest = "http" + s + "://" + place + "/api/v1",
            .web = "http" + s + "://" + place + "/"};
}

}  // namespace intent::sandbox
