// The fields of the arguments of calls, as `get()` of each returns them.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/permissions.hpp>
#include <intent/raw/channel.hpp>
#include <intent/raw/embed.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// The fields of a UserEdit.
struct UserEdit {
    std::optional<std::string> display_name = {};  ///< 1-32 code points
};

/// The fields of a NewAccount.
struct NewAccount {
    std::string username;  ///< 2-32 of a-z 0-9 _
    std::string email;     ///< of the person
    Secret password;       ///< of the person
};

/// The fields of Credentials.
struct Credentials {
    std::string username_or_email;  ///< one of both
    Secret password;                ///< of the person
};

/// The fields of a NewInvite.
struct NewInvite {
    std::optional<ChannelId> channel_id = {};          ///< the channel that new members see first
    std::optional<int> max_uses = {};                  ///< unset: the server chooses
    std::optional<std::chrono::seconds> max_age = {};  ///< unset: the server chooses
};

/// The fields of a MemberEdit.
struct MemberEdit {
    std::optional<std::optional<std::string>> nickname = {};  ///< set to no value: removed
    std::optional<std::vector<RoleId>> roles = {};            ///< the complete new list
};

/// The fields of a NewRole.
struct NewRole {
    std::string name;                             ///< 1-100 code points
    std::optional<Permissions> permissions = {};  ///< what its members may do
    std::optional<std::uint32_t> color = {};      ///< 0-0xFFFFFF
    std::optional<bool> hoist = {};               ///< its members are listed apart
    std::optional<bool> mentionable = {};         ///< members may mention it
};

/// The fields of a RoleEdit.
struct RoleEdit {
    std::optional<std::string> name = {};         ///< 1-100 code points
    std::optional<int> position = {};             ///< among the server's roles
    std::optional<Permissions> permissions = {};  ///< what its members may do
    std::optional<std::uint32_t> color = {};      ///< 0-0xFFFFFF
    std::optional<bool> hoist = {};               ///< its members are listed apart
    std::optional<bool> mentionable = {};         ///< members may mention it
};

/// The fields of a MessageBody.
struct MessageBody {
    std::optional<std::string> content = {};         ///< at most 2000 code points
    std::vector<Embed> embeds = {};                  ///< at most 10
    std::optional<std::string> mls_ciphertext = {};  ///< base64, instead of both
};

/// The fields of PageOptions.
struct PageOptions {
    std::optional<int> limit = {};         ///< 1-100
    std::optional<MessageId> before = {};  ///< only older messages
    std::optional<MessageId> after = {};   ///< only newer messages
};

/// The fields of a NewServer.
struct NewServer {
    std::string name;                             ///< 2-100 code points
    std::optional<std::string> icon = {};         ///< base64
    std::optional<std::string> description = {};  ///< at most 500 code points
};

/// The fields of a ServerEdit.
struct ServerEdit {
    std::optional<std::string> name = {};                        ///< 2-100 code points
    std::optional<std::optional<std::string>> description = {};  ///< set to no value: removed
};

/// The fields of a NewChannel.
struct NewChannel {
    std::string name;                         ///< 1-100 code points
    ChannelType type = ChannelType::text;     ///< what it holds
    std::optional<std::string> topic = {};    ///< at most 1024 code points
    std::optional<int> position = {};         ///< among the server's channels
    std::optional<ChannelId> parent_id = {};  ///< the category that holds it
};

/// The fields of a ChannelEdit.
struct ChannelEdit {
    std::optional<std::string> name = {};                    ///< 1-100 code points
    std::optional<std::optional<std::string>> topic = {};    ///< set to no value: removed
    std::optional<int> position = {};                        ///< among the server's channels
    std::optional<std::optional<ChannelId>> parent_id = {};  ///< set to no value: no category
};

/// The fields of a NewWebhook.
struct NewWebhook {
    std::string name;                            ///< 1-80 code points
    std::optional<std::string> avatar_url = {};  ///< shown beside its messages
};

/// The fields of a WebhookEdit.
struct WebhookEdit {
    std::optional<std::string> name = {};                       ///< 1-80 code points
    std::optional<std::optional<std::string>> avatar_url = {};  ///< set to no value: removed
    std::optional<ChannelId> channel_id = {};                   ///< where it posts
    std::optional<bool> enabled = {};                           ///< whether it delivers
};

/// The fields of a WebhookBody.
struct WebhookBody : MessageBody {
    std::optional<std::string> username = {};    ///< shown instead of the webhook's name
    std::optional<std::string> avatar_url = {};  ///< shown instead of the webhook's avatar
    bool wait = false;                           ///< in the query, not in the body
};

}  // namespace intent::raw
