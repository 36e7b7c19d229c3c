// Which function a method and a path mean (protocol §9).
#pragma once

#include "sandbox/rest/limiter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

enum class Route {
    list_servers,
    create_server,
    get_server,
    edit_server,
    delete_server,
    leave_server,
    list_channels,
    create_channel,
    get_channel,
    edit_channel,
    delete_channel,
    list_messages,
    create_message,
    get_message,
    edit_message,
    delete_message,
    delete_messages,
    start_typing,
    list_members,
    get_member,
    edit_member,
    kick_member,
    list_roles,
    create_role,
    edit_role,
    delete_role,
    list_invites,
    create_invite,
    create_channel_invite,
    get_invite,
    accept_invite,
    delete_invite,
    list_channel_webhooks,
    list_server_webhooks,
    create_webhook,
    get_webhook,
    edit_webhook,
    delete_webhook,
    regenerate_webhook_token,
    get_webhook_by_token,
    edit_webhook_by_token,
    delete_webhook_by_token,
    execute_webhook,
    get_webhook_message,
    edit_webhook_message,
    delete_webhook_message,
    get_me,
    edit_me,
    get_user,
    register_user,
    login,
    logout,
    open_direct_channel,
    add_recipient,
    remove_recipient,
    list_voice_regions,
    create_turn_credentials,
};

/// A route with what its path names.
struct Match {
    Route route{};
    std::optional<std::uint64_t> server_id = {};
    std::optional<std::uint64_t> channel_id = {};
    std::optional<std::uint64_t> message_id = {};
    std::optional<std::uint64_t> user_id = {};  ///< unset where the path says `@me`
    std::optional<std::uint64_t> role_id = {};
    std::optional<std::uint64_t> webhook_id = {};
    std::string code = {};   ///< of an invite
    std::string token = {};  ///< of a webhook: a secret
};

/// Finds the route of a path below the REST base ("/servers/12").
///
/// Errors: Problem 404 for an unknown path, 405 with the methods allowed in its text for an unknown method, 400 for an
/// id that is no snowflake.
Match match_route(std::string_view method, std::string_view path);

/// The methods that some path takes; empty for an unknown path.
std::vector<std::string_view> allowed_methods(std::string_view path);

/// Does the route work without a bearer token?
bool is_public(Route route) noexcept;

/// Does the webhook's own token, in the path, say who is calling?
bool is_webhooks_own(Route route) noexcept;

/// The path with a webhook's token, if one is in it, replaced by `***`: for logs.
std::string without_secrets(std::string_view path);

/// The rate limit of a route (protocol §10); a limit of 0: none of its own.
LimitRule limit_rule(Route route) noexcept;

/// The id of the bucket that the route shares with its like ("ch:12:msg"); empty if it has no limit of its own.
std::string bucket_name(const Match& match);

}  // namespace intent::sandbox
