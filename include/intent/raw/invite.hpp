#pragma once

#include <intent/raw/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace intent::raw {

/// The creator of an invite: a partial user (protocol §8).
struct Inviter {
    UserId id;
    std::string username;

    friend bool operator==(const Inviter&, const Inviter&) = default;
};

/// An invite to a server (protocol §8).
struct Invite {
    std::string code;
    ServerId server_id;
    std::optional<ChannelId> channel_id = {};
    Inviter inviter;
    std::optional<int> max_uses = {};  ///< unset: unlimited
    int uses = 0;
    std::optional<std::int64_t> max_age_seconds = {};  ///< unset: it does not expire
    Timestamp created_at{};
    std::optional<Timestamp> expires_at = {};

    friend bool operator==(const Invite&, const Invite&) = default;
};

/// The answer to accepting an invite (protocol §9).
struct AcceptedInvite {
    Server server;
    std::optional<ChannelId> channel_id = {};

    friend bool operator==(const AcceptedInvite&, const AcceptedInvite&) = default;
};

}  // namespace intent::raw
