// Webhooks as plain data (protocol §8, §12).
#pragma once

#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// A webhook: lets programs without a token of their own post in a channel (protocol §8, §12).
struct Webhook {
    WebhookId id;                                ///< its id
    int type = 1;                                ///< 1: posts messages of other programs
    ChannelId channel_id;                        ///< where it posts
    ServerId server_id;                          ///< the server of the channel
    std::optional<UserId> creator_id = {};       ///< who created it
    std::string name;                            ///< 1-80 code points
    std::optional<std::string> avatar_url = {};  ///< shown beside its messages
    Secret token = {};                 ///< allows posting in the channel; empty if the server does not show it
    Secret url = {};                   ///< contains the token; empty if the server does not show it
    Timestamp created_at{};            ///< when it was created
    std::optional<bool> enabled = {};  ///< unset if unknown; a disabled webhook delivers nothing

    friend bool operator==(const Webhook&, const Webhook&) = default;
};

}  // namespace intent::raw
