#include "sandbox/platform/ice.hpp"

#include "sandbox/base/secrets.hpp"

namespace intent::inline v0::sandbox {

std::vector<raw::IceServer> IceServers::for_user(UserId user, Timestamp now) const {
    const auto end = std::chrono::floor<std::chrono::seconds>(now + life).time_since_epoch().count();
    const std::string name = std::to_string(end) + ":" + user.str();
    return {{.urls = {"stun:127.0.0.1:3478"}},
            {.urls = {"turn:127.0.0.1:3478?transport=udp", "turn:127.0.0.1:3478?transport=tcp"},
             .username = name,
             .credential = Secret(hmac_sha1_base64(secret_, name))}};
}

}  // namespace intent::sandbox
