// Where WebRTC clients would find each other: STUN and TURN servers, with credentials that run out.
#pragma once

#include <intent/raw/voice.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace intent::sandbox {

/// Names the servers that stand at the usual ports of this machine, if somebody starts them. The credentials are those
/// of the TURN servers' REST scheme: the user name is when they run out and whose they are, the password its HMAC-SHA1.
///
/// Distinct objects: safe. Shared objects: safe while nobody writes.
class IceServers {
public:
    /// `secret`: what the TURN server would be given as its shared secret.
    explicit IceServers(std::string secret) : secret_(std::move(secret)) {}

    std::vector<raw::IceServer> for_user(UserId user, Timestamp now) const;

    static constexpr auto life = std::chrono::seconds(12 * 3600);

private:
    std::string secret_;
};

}  // namespace intent::sandbox
