// STUN and TURN servers for WebRTC clients, with credentials that expire.
#pragma once

#include <intent/raw/voice.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace intent::inline v0::sandbox {

/// Returns servers at the standard ports of this machine; the sandbox does not run them. The credentials follow the
/// TURN REST API scheme: the user name holds the expiry time and the user id, the password is its HMAC-SHA1.
///
/// Distinct objects: safe. Shared objects: safe for concurrent reads.
class IceServers {
public:
    /// `secret`: the shared secret of the TURN server.
    explicit IceServers(std::string secret) : secret_(std::move(secret)) {}

    std::vector<raw::IceServer> for_user(UserId user, Timestamp now) const;

    static constexpr auto life = std::chrono::seconds(12 * 3600);

private:
    std::string secret_;
};

}  // namespace intent::sandbox
