// Calls of the REST API as values: what to send, validated before anything is sent (protocol §9, §11).
#pragma once

#include <intent/bodies.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/trace.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace intent::rest {

/// Whether a request carries the token.
enum class Auth { bearer, none };

/// How a request with a webhook token uses the webhook (protocol §12). A webhook that was deleted or has a new token
/// is not requested repeatedly; see DeadWebhooks.
enum class WebhookUse : std::uint8_t {
    none,     ///< carries no webhook token
    fetch,    ///< asks whether the webhook exists: always sent
    act,      ///< a 401 or 404 means that the webhook is gone
    message,  ///< about a message: only a 401 means that, because a 404 may refer to the message
};

/// A request below the REST base URL.
struct Request {
    std::string method;
    std::string path;       ///< "/channels/123/messages/456?limit=5": sent
    std::string route;      ///< "/channels/{channel_id}/messages/{message_id}": shown in errors and logs
    std::string bucket;     ///< "PATCH /channels/123/messages/{message_id}": the provisional bucket key (protocol §10)
    std::string body = {};  ///< JSON, or empty
    Auth auth = Auth::bearer;
    WebhookUse webhook_use = WebhookUse::none;
    std::string webhook = {};  ///< the webhook's id and token, a secret; empty with `none`
    std::string secret = {};   ///< a further secret that errors must not show: a webhook's token, a password
    bool is_template = true;   ///< `route` is one of ours; false: it is the caller's path, which may contain anything
    Trace trace = {};          ///< sent in the header `traceparent`; empty: none
    std::string key = {};      ///< identifies the call for a relay, which makes it once; empty: none
    std::optional<std::chrono::milliseconds> max_wait = {};  ///< as `limits::Route::max_wait`; unset: that of all calls
};

/// A call that must not be made. The text names the argument, the problem and what is allowed.
struct Invalid {
    std::string text;
    std::string call = {};  ///< "POST /channels/{channel_id}/messages"; empty if unknown
};

using Call = std::variant<Request, Invalid>;

Call get_servers();
Call get_server(ServerId id);
Call create_server(const NewServer& server);
Call edit_server(ServerId id, const ServerEdit& changes);
Call remove_server(ServerId id);
Call leave_server(ServerId id);

Call get_members(ServerId id);
Call get_member(ServerId server, UserId user);
Call edit_member(ServerId server, UserId user, const MemberEdit& changes);
Call remove_member(ServerId server, UserId user);

Call get_roles(ServerId server);
Call create_role(ServerId server, const NewRole& role);
Call edit_role(ServerId server, RoleId role, const RoleEdit& changes);
Call remove_role(ServerId server, RoleId role);

Call get_invites(ServerId server);
Call create_invite(ServerId server, const NewInvite& invite);
Call create_invite(ChannelId channel, const NewInvite& invite);
Call get_invite(std::string_view code);
Call accept_invite(std::string_view code);
Call remove_invite(std::string_view code);

Call get_channels(ServerId id);
Call get_channel(ChannelId id);
Call create_channel(ServerId id, const NewChannel& channel);
Call edit_channel(ChannelId id, const ChannelEdit& changes);
Call remove_channel(ChannelId id);

Call get_messages(ChannelId channel, const PageOptions& page);
Call get_message(ChannelId channel, MessageId id);
Call create_message(ChannelId channel, const MessageBody& message);
Call edit_message(ChannelId channel, MessageId id, const MessageBody& message);
Call remove_message(ChannelId channel, MessageId id);
Call remove_messages(ChannelId channel, const std::vector<MessageId>& ids);

Call trigger_typing(ChannelId channel);

// request_direct.cpp
Call create_dm(UserId recipient);
Call create_dm(const std::vector<UserId>& recipients);
Call add_recipient(ChannelId channel, UserId user);
Call remove_recipient(ChannelId channel, UserId user);

Call get_current_user();
Call edit_current_user(const UserEdit& changes);
Call get_user(UserId id);

Call register_account(const NewAccount& account);
Call login(const Credentials& credentials);
Call logout();

Call get_voice_regions();
Call create_turn_credentials(ServerId server);

Call get_webhooks(ChannelId channel);
Call get_webhooks(ServerId server);
Call create_webhook(ChannelId channel, const NewWebhook& webhook);
Call get_webhook(WebhookId id);
Call edit_webhook(WebhookId id, const WebhookEdit& changes);
Call remove_webhook(WebhookId id);
Call regenerate_webhook_token(WebhookId id);

// Authenticated by the webhook's own token, without the bot's.
Call get_webhook(WebhookId id, const Secret& token);
Call edit_webhook(WebhookId id, const Secret& token, const WebhookEdit& changes);
Call remove_webhook(WebhookId id, const Secret& token);
Call execute_webhook(WebhookId id, const Secret& token, const WebhookBody& body);
Call get_webhook_message(WebhookId id, const Secret& token, MessageId message);
Call edit_webhook_message(WebhookId id, const Secret& token, MessageId message, const MessageBody& body);
Call remove_webhook_message(WebhookId id, const Secret& token, MessageId message);

/// Any request below the base URL. The path begins with '/' and contains no white space, control bytes, '#' or "..";
/// `body` is JSON or empty. Counts in the buckets of the routes above. A webhook's token in the path is not shown, and
/// the bot's token is not sent with it.
Call any_path(std::string_view method, std::string_view path, std::string_view body);
Call get_path(std::string_view path);

/// The provisional bucket keys of a channel's messages, for rate-limit information.
std::string message_bucket(ChannelId channel);

}  // namespace intent::rest
