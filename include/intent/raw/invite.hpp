// Invites as plain data (protocol §8).
#pragma once

#include <intent/raw/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// The creator of an invite: a partial user (protocol §8).
struct Inviter {
    UserId id;             ///< of the user
    std::string username;  ///< 2-32 of a-z 0-9 _

    friend bool operator==(const Inviter&, const Inviter&) = default;
};

/// An invite to a server (protocol §8).
struct Invite {
    std::string code;                                  ///< the bare code, not the link around it
    ServerId server_id;                                ///< where it leads
    std::optional<ChannelId> channel_id = {};          ///< the channel that new members see first
    Inviter inviter;                                   ///< who created it
    std::optional<int> max_uses = {};                  ///< unset: unlimited
    int uses = 0;                                      ///< how often it was accepted
    std::optional<std::int64_t> max_age_seconds = {};  ///< unset: it does not expire
    Timestamp created_at{};                            ///< when it was created
    std::optional<Timestamp> expires_at = {};          ///< unset: it does not expire

    friend bool operator==(const Invite&, const Invite&) = default;
};

/// The answer to accepting an invite (protocol §9).
struct AcceptedInvite {
    Server server;                             ///< the server that was joined
    std::optional<ChannelId> channel_id = {};  ///< the channel to show first

    friend bool operator==(const AcceptedInvite&, const AcceptedInvite&) = default;
};

}  // namespace intent::raw
