#include "sandbox/rest/routes.hpp"

#include "sandbox/rest/handlers/handlers.hpp"

namespace intent::inline v0::sandbox {
namespace {

using namespace std::chrono_literals;
using Refill = LimitRule::Refill;
using enum Auth;

constexpr RouteBucket no_bucket{};
constexpr RouteBucket message_posts{"ch:{channel_id}:msg", {5, 5s, Refill::steady}};
constexpr RouteBucket message_edits{"ch:{channel_id}:msg:edit", {5, 5s}};
constexpr RouteBucket message_deletions{"ch:{channel_id}:msg:delete", {5, 5s}};
constexpr RouteBucket message_reads{"ch:{channel_id}:msg:read", {50, 60s}};
constexpr RouteBucket channel_reads{"ch:{channel_id}", {100, 60s}};
constexpr RouteBucket channel_edits{"ch:{channel_id}:edit", {10, 60s}};
constexpr RouteBucket channel_creation{"srv:{server_id}:ch", {10, 60s}};
constexpr RouteBucket server_reads{"srv:{server_id}", {100, 60s}};
constexpr RouteBucket server_edits{"srv:{server_id}:edit", {10, 60s}};
constexpr RouteBucket server_creation{"srv:new", {1, 600s}};
constexpr RouteBucket logins{"auth:login", {5, 300s}};
constexpr RouteBucket registrations{"auth:register", {3, 3600s}};
constexpr RouteBucket webhook_executions{"wh:{webhook_id}",
                                         {.limit = 5, .window = 2s, .long_limit = 30, .long_window = 60s}};

constexpr Route table[] = {
    {"GET", "/servers", bearer, no_bucket, &Handlers::list_servers},
    {"POST", "/servers", bearer, server_creation, &Handlers::create_server},
    {"GET", "/servers/{server_id}", bearer, server_reads, &Handlers::get_server},
    {"PATCH", "/servers/{server_id}", bearer, server_edits, &Handlers::edit_server},
    {"DELETE", "/servers/{server_id}", bearer, no_bucket, &Handlers::delete_server},
    {"GET", "/servers/{server_id}/members", bearer, no_bucket, &Handlers::list_members},
    {"GET", "/servers/{server_id}/members/@me", bearer, no_bucket, &Handlers::get_own_member},
    {"PATCH", "/servers/{server_id}/members/@me", bearer, no_bucket, &Handlers::edit_own_member},
    {"DELETE", "/servers/{server_id}/members/@me", bearer, no_bucket, &Handlers::leave_server},
    {"GET", "/servers/{server_id}/members/{user_id}", bearer, no_bucket, &Handlers::get_member},
    {"PATCH", "/servers/{server_id}/members/{user_id}", bearer, no_bucket, &Handlers::edit_member},
    {"DELETE", "/servers/{server_id}/members/{user_id}", bearer, no_bucket, &Handlers::kick_member},
    {"GET", "/servers/{server_id}/roles", bearer, no_bucket, &Handlers::list_roles},
    {"POST", "/servers/{server_id}/roles", bearer, no_bucket, &Handlers::create_role},
    {"PATCH", "/servers/{server_id}/roles/{role_id}", bearer, no_bucket, &Handlers::edit_role},
    {"DELETE", "/servers/{server_id}/roles/{role_id}", bearer, no_bucket, &Handlers::delete_role},
    {"GET", "/servers/{server_id}/invites", bearer, no_bucket, &Handlers::list_invites},
    {"POST", "/servers/{server_id}/invites", bearer, no_bucket, &Handlers::create_invite},
    {"GET", "/servers/{server_id}/webhooks", bearer, no_bucket, &Handlers::list_server_webhooks},
    {"GET", "/servers/{server_id}/channels", bearer, no_bucket, &Handlers::list_channels},
    {"POST", "/servers/{server_id}/channels", bearer, channel_creation, &Handlers::create_channel},
    {"GET", "/channels/{channel_id}", bearer, channel_reads, &Handlers::get_channel},
    {"PATCH", "/channels/{channel_id}", bearer, channel_edits, &Handlers::edit_channel},
    {"DELETE", "/channels/{channel_id}", bearer, no_bucket, &Handlers::delete_channel},
    {"GET", "/channels/{channel_id}/messages", bearer, message_reads, &Handlers::list_messages},
    {"POST", "/channels/{channel_id}/messages", bearer, message_posts, &Handlers::create_message},
    {"GET", "/channels/{channel_id}/messages/{message_id}", bearer, message_reads, &Handlers::get_message},
    {"PATCH", "/channels/{channel_id}/messages/{message_id}", bearer, message_edits, &Handlers::edit_message},
    {"DELETE", "/channels/{channel_id}/messages/{message_id}", bearer, message_deletions, &Handlers::delete_message},
    {"POST", "/channels/{channel_id}/messages/bulk-delete", bearer, no_bucket, &Handlers::delete_messages},
    {"POST", "/channels/{channel_id}/typing", bearer, no_bucket, &Handlers::start_typing},
    {"PATCH", "/messages/{message_id}", bearer, message_edits, &Handlers::edit_message},
    {"DELETE", "/messages/{message_id}", bearer, message_deletions, &Handlers::delete_message},
    {"GET", "/users/@me", bearer, no_bucket, &Handlers::get_me},
    {"PATCH", "/users/@me", bearer, no_bucket, &Handlers::edit_me},
    {"GET", "/users/{user_id}", bearer, no_bucket, &Handlers::get_user},
    {"POST", "/auth/register", none, registrations, &Handlers::register_user},
    {"POST", "/auth/login", none, logins, &Handlers::log_in},
    {"POST", "/auth/logout", bearer, no_bucket, &Handlers::log_out},
    {"GET", "/invites/{code}", bearer, no_bucket, &Handlers::get_invite},
    {"POST", "/invites/{code}", bearer, no_bucket, &Handlers::accept_invite},
    {"DELETE", "/invites/{code}", bearer, no_bucket, &Handlers::delete_invite},
    {"POST", "/channels/{channel_id}/invites", bearer, no_bucket, &Handlers::create_channel_invite},
    {"GET", "/channels/{channel_id}/webhooks", bearer, no_bucket, &Handlers::list_channel_webhooks},
    {"POST", "/channels/{channel_id}/webhooks", bearer, no_bucket, &Handlers::create_webhook},
    {"GET", "/webhooks/{webhook_id}", bearer, no_bucket, &Handlers::get_webhook},
    {"PATCH", "/webhooks/{webhook_id}", bearer, no_bucket, &Handlers::edit_webhook},
    {"DELETE", "/webhooks/{webhook_id}", bearer, no_bucket, &Handlers::delete_webhook},
    {"POST", "/webhooks/{webhook_id}/regenerate-token", bearer, no_bucket, &Handlers::regenerate_webhook_token},
    {"GET", "/webhooks/{webhook_id}/{token}", webhook, no_bucket, &Handlers::get_webhook_by_token},
    {"PATCH", "/webhooks/{webhook_id}/{token}", webhook, no_bucket, &Handlers::edit_webhook_by_token},
    {"DELETE", "/webhooks/{webhook_id}/{token}", webhook, no_bucket, &Handlers::delete_webhook_by_token},
    {"POST", "/webhooks/{webhook_id}/{token}", webhook, webhook_executions, &Handlers::execute_webhook},
    {"GET", "/webhooks/{webhook_id}/{token}/messages/{message_id}", webhook, no_bucket, &Handlers::get_webhook_message},
    {"PATCH", "/webhooks/{webhook_id}/{token}/messages/{message_id}", webhook, no_bucket,
     &Handlers::edit_webhook_message},
    {"DELETE", "/webhooks/{webhook_id}/{token}/messages/{message_id}", webhook, no_bucket,
     &Handlers::delete_webhook_message},
    {"POST", "/users/@me/channels", bearer, no_bucket, &Handlers::open_direct_channel},
    {"PUT", "/channels/{channel_id}/recipients/{user_id}", bearer, no_bucket, &Handlers::add_recipient},
    {"DELETE", "/channels/{channel_id}/recipients/{user_id}", bearer, no_bucket, &Handlers::remove_recipient},
    {"GET", "/voice/regions", bearer, no_bucket, &Handlers::list_voice_regions},
    {"POST", "/voice/turn-credentials", bearer, no_bucket, &Handlers::create_turn_credentials},
};

}  // namespace

std::span<const Route> routes() noexcept { return table; }

}  // namespace intent::sandbox
