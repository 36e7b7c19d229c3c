// The REST API: one function per route (protocol §9).
#pragma once

#include <intent/bodies.hpp>
#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
#include <intent/clock.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/history.hpp>
#include <intent/id_list.hpp>
#include <intent/invite.hpp>
#include <intent/log.hpp>
#include <intent/login.hpp>
#include <intent/member.hpp>
#include <intent/message.hpp>
#include <intent/proxy.hpp>
#include <intent/raw/voice.hpp>
#include <intent/role.hpp>
#include <intent/secret.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>
#include <intent/token.hpp>
#include <intent/typing.hpp>
#include <intent/user.hpp>
#include <intent/webhook.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class RestClient;

namespace detail {
/// The REST API through the client of `ref`. Errors: UsageError if the client is gone.
INTENT_API RestClient rest_of(const ClientRef& ref);
}  // namespace detail

/// TLS settings of a connection. TLS 1.2 or later is required, and the host name is verified against the system's trust
/// store.
struct TlsSettings {
    std::string extra_ca_file = {};              ///< PEM file of CAs to trust in addition to the system's store
    bool dangerously_skip_verification = false;  ///< accepts any certificate; only for tests on your own machine
};

/// Settings of a RestClient that has no gateway connection.
struct RestOptions {
    Token token = {};                                     ///< may be empty if no call needs it
    std::string rest_url = "https://api.intent.chat/v1";  ///< https:// or http:// with the base path
    TlsSettings tls = {};                                 ///< of the connection
    Proxy proxy = {};                                     ///< default: from the environment
    std::chrono::milliseconds request_timeout =
        std::chrono::seconds(15);  ///< of one attempt, from connect to the last byte
    /// If a call would have to wait longer than this for its rate limit, it fails with a TimeoutError and sends
    /// nothing. 0 or more; unset: calls wait as long as necessary.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait = {};
    Clock clock = {};                                           ///< as ClientOptions::clock
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: no log
};

/// The known state of a bucket (protocol §10). A field is unset until the server has reported it.
struct RateLimitInfo {
    std::optional<int> limit = {};                              ///< requests in one window
    std::optional<int> remaining = {};                          ///< requests that are left in this window
    std::optional<std::chrono::milliseconds> reset_after = {};  ///< until the bucket is full again
    std::size_t waiting = 0;                                    ///< calls that wait for their turn
};

/// Calls the REST API. A call waits for its rate limits, so a bot that is the token's only client does not exceed them;
/// within a bucket, requests are sent in the order of the calls. Failed requests are retried (protocol §11).
///
/// Each function documents these points:
///
/// - Needs: the permission (protocol §14); "nothing" means any valid token. Without it the call fails with
///   ForbiddenError. The protocol does not assign permissions to routes; those named here are the sandbox's
///   (docs/sandbox.md), and other servers may differ.
/// - Cost: every call is one request, plus retries, and counts in the 50 requests per second of the token. It uses the
///   bucket of its own route per server, channel or webhook (other ids share it), unless another bucket is named.
///   Limits are given where the protocol publishes them (§10).
/// - Errors: those specific to the call. Every call can throw ConfigError for an invalid argument or a missing token
///   (nothing was sent); UnauthorizedError, ForbiddenError, NotFoundError (an unknown id, or a route that the server
///   lacks), RateLimitError, ServerError or HttpError by the status of the answer; NetworkError or TimeoutError without
///   an answer; DecodeError for an answer that does not have the format of the route; CancelledError if the client
///   stops first.
///
/// A POST that fails with a NetworkError may have been executed (protocol §11).
///
/// Distinct objects: safe. Shared objects: safe.
class INTENT_API RestClient {
public:
    /// Creates a client with its own thread, for programs without a gateway connection.
    ///
    /// Errors: ConfigError for a malformed URL or an unusable proxy.
    explicit RestClient(RestOptions options);
    RestClient(RestClient&&) noexcept;
    RestClient& operator=(RestClient&&) noexcept;
    ~RestClient();  ///< if the client has its own thread: cancels pending calls and waits for them

    // Servers

    /// Returns the servers that the bot is a member of.
    /// Needs: nothing. Cost: 1 request.
    task<std::vector<Server>> get_servers();

    /// Returns a server.
    /// Needs: membership. Cost: 1 request, 100 per 60 s and server.
    task<Server> get_server(ServerId id);

    /// Creates a server that the bot owns and returns it.
    /// Needs: nothing. Cost: 1 request, 1 per 600 s: a second call waits up to 10 minutes.
    task<Server> create_server(NewServer server);

    /// Changes a server and returns the result.
    /// Needs: MANAGE_SERVER. Cost: 1 request, 10 per 60 s and server. Errors: ConfigError if no change is set.
    task<Server> edit_server(ServerId id, ServerEdit changes);

    /// Deletes a server.
    /// Needs: to be its owner. Cost: 1 request.
    task<> remove_server(ServerId id);

    /// Removes the bot from a server.
    /// Needs: membership. Cost: 1 request. Errors: ForbiddenError for the owner, who can only delete the server.
    task<> leave_server(ServerId id);

    // Members and roles

    /// Returns the members of a server. Some servers send plain users: such a member has no roles and the join time
    /// 1970-01-01 (protocol §9).
    /// Needs: membership. Cost: 1 request.
    task<std::vector<Member>> get_members(ServerId id);

    /// Returns a member; a plain user is completed as in `get_members`.
    /// Needs: membership. Cost: 1 request. Errors: NotFoundError if the user is not a member.
    task<Member> get_member(ServerId server, UserId user);

    /// Changes a member and returns the result.
    /// Needs: MANAGE_SERVER for the nickname of another member, nothing for the bot's own; MANAGE_ROLES for roles.
    /// Cost: 1 request. Errors: ConfigError if no change is set; NotFoundError if the user is not a member.
    task<Member> edit_member(ServerId server, UserId user, MemberEdit changes);

    /// Adds a role to those of a member, and returns the member. The protocol has no route for that, only one that
    /// replaces all roles: this reads the member and sends the complete list. A change that anyone, also this bot,
    /// makes between the two requests is lost; so await one change of a member before the next one.
    /// Needs: membership and MANAGE_ROLES. Cost: 2 requests; 1 if the member already has the role. Errors: ConfigError
    /// for an unset id; NotFoundError if the user is not a member; DecodeError if the server sends a plain user, whose
    /// roles are unknown (see `get_members`): nothing is changed then.
    task<Member> add_member_role(ServerId server, UserId user, RoleId role);

    /// Removes a role from those of a member, and returns the member; otherwise as `add_member_role`.
    /// Needs: membership and MANAGE_ROLES. Cost: 2 requests; 1 if the member does not have the role.
    task<Member> remove_member_role(ServerId server, UserId user, RoleId role);

    /// Removes a user from a server. The user can come back with an invite.
    /// Needs: KICK_MEMBERS. Cost: 1 request. Errors: ForbiddenError for the owner; NotFoundError for a non-member.
    task<> remove_member(ServerId server, UserId user);

    /// Returns the roles of a server.
    /// Needs: membership. Cost: 1 request.
    task<std::vector<Role>> get_roles(ServerId server);

    /// Creates a role and returns it.
    /// Needs: MANAGE_ROLES. Cost: 1 request.
    task<Role> create_role(ServerId server, NewRole role);

    /// Changes a role and returns the result.
    /// Needs: MANAGE_ROLES. Cost: 1 request. Errors: ConfigError if no change is set.
    task<Role> edit_role(ServerId server, RoleId role, RoleEdit changes);

    /// Deletes a role.
    /// Needs: MANAGE_ROLES. Cost: 1 request.
    task<> remove_role(ServerId server, RoleId role);

    // Invites. A `code` is the bare code, not the link around it.

    /// Returns the invites of a server.
    /// Needs: membership. Cost: 1 request.
    task<std::vector<Invite>> get_invites(ServerId server);

    /// Creates an invite to a server and returns it. The specification only defines the function for a channel.
    /// Needs: membership. Cost: 1 request. Errors: NotFoundError if the server lacks the route.
    task<Invite> create_invite(ServerId server, NewInvite invite = {});

    /// Creates an invite to a channel and returns it.
    /// Needs: VIEW_CHANNEL. Cost: 1 request. Errors: ConfigError if `NewInvite::channel` is set.
    task<Invite> create_invite(ChannelId channel, NewInvite invite = {});

    /// Returns an invite.
    /// Needs: nothing. Cost: 1 request. Errors: HttpError (410) for an expired or used-up invite.
    task<Invite> get_invite(std::string code);

    /// Joins the server of an invite and returns the server and the channel to show first.
    /// Needs: nothing. Cost: 1 request. Errors: HttpError (409) for a member, (410) for an expired or used-up invite.
    task<AcceptedInvite> accept_invite(std::string code);

    /// Deletes an invite.
    /// Needs: membership for the bot's own, MANAGE_SERVER for others. Cost: 1 request. Errors: HttpError (410) for an
    /// expired or used-up invite.
    task<> remove_invite(std::string code);

    // Channels

    /// Returns the channels of a server that the bot can see.
    /// Needs: membership. Cost: 1 request.
    task<std::vector<Channel>> get_channels(ServerId id);

    /// Returns a channel.
    /// Needs: VIEW_CHANNEL. Cost: 1 request, 100 per 60 s and channel.
    task<Channel> get_channel(ChannelId id);

    /// Creates a channel in a server and returns it.
    /// Needs: MANAGE_CHANNELS. Cost: 1 request, 10 per 60 s and server.
    task<Channel> create_channel(ServerId id, NewChannel channel);

    /// Changes a channel and returns the result.
    /// Needs: MANAGE_CHANNELS. Cost: 1 request, 10 per 60 s and channel. Errors: ConfigError if no change is set.
    task<Channel> edit_channel(ChannelId id, ChannelEdit changes);

    /// Deletes a channel.
    /// Needs: MANAGE_CHANNELS. Cost: 1 request.
    task<> remove_channel(ChannelId id);

    // Messages. Creating, editing and deleting messages of a channel share 5 requests per 5 s; after a burst of 5, a
    // create is possible once per second.

    /// Returns one page of messages, newest first.
    /// Needs: READ_MESSAGE_HISTORY. Cost: 1 request, 50 per 60 s and channel. Errors: ConfigError for a limit outside
    /// 1-100, or for both `before` and `after`.
    task<std::vector<Message>> get_messages(ChannelId channel, PageOptions page = {});

    /// Reads the messages of a channel page by page: `rest.history(id).limit(500)` (see History).
    /// Needs: READ_MESSAGE_HISTORY. Cost: none before the first `next`; then 1 request for every 100 messages.
    History history(ChannelId channel);

    /// Returns a message.
    /// Needs: READ_MESSAGE_HISTORY. Cost: 1 request, in the 50 per 60 s of `get_messages`.
    task<Message> get_message(ChannelId channel, MessageId id);

    /// Posts a message and returns it. Direct messages only accept `MessageBody::mls_ciphertext`.
    /// Needs: SEND_MESSAGES, and EMBED_LINKS for embeds. Cost: 1 request, in the 5 per 5 s of the channel's messages.
    /// Errors: ConfigError for an empty body or one over the limits of MessageBody; NetworkError although the message
    /// may have been posted.
    task<Message> create_message(ChannelId channel, MessageBody body);

    /// Replaces the text or ciphertext of a message and returns the message. Embeds stay unchanged.
    /// Needs: to be its author, and READ_MESSAGE_HISTORY. Cost: 1 request, in the 5 per 5 s of the channel's messages.
    /// Errors: ConfigError for a body with embeds, an empty one, or one over the limits.
    task<Message> edit_message(ChannelId channel, MessageId id, MessageBody body);

    /// Deletes a message.
    /// Needs: READ_MESSAGE_HISTORY, and to be its author or to have MANAGE_MESSAGES. Cost: 1 request, in the 5 per 5 s
    /// of the channel's messages.
    task<> remove_message(ChannelId channel, MessageId id);

    /// Deletes 1 to 100 messages in one request. The body is not specified; the SDK sends the ids as `messages`.
    /// Needs: READ_MESSAGE_HISTORY and MANAGE_MESSAGES. Cost: 1 request. Errors: ConfigError for any other number of
    /// ids; NotFoundError if a message does not exist: the sandbox then deletes none of them.
    task<> remove_messages(ChannelId channel, IdList<MessageId> ids);

    /// Shows the bot as typing for 10 s, or until it posts a message. The route is not specified: it is
    /// `POST /channels/{id}/typing`, as on platforms of this family.
    /// Needs: SEND_MESSAGES. Cost: 1 request.
    task<> trigger_typing(ChannelId channel);
    /// Shows the bot as typing as long as the returned object exists (see Typing). Cost: 1 request per 8 s.
    Typing typing(ChannelId channel);

    // Direct messages (protocol §16) are encrypted end to end: they accept `MessageBody::mls_ciphertext` and reject
    // text.

    /// Returns the channel with one user, and creates it if it does not exist.
    /// Needs: nothing. Cost: 1 request. Errors: NotFoundError for an unknown user.
    task<Channel> create_dm(UserId recipient);

    /// Creates a group with 2 to 9 others and returns it.
    /// Needs: nothing. Cost: 1 request. Errors: ConfigError for any other number; NotFoundError for an unknown user.
    task<Channel> create_dm(IdList<UserId> recipients);

    /// Adds a user to a group of at most 10 people. The caller's MLS Commit must follow.
    /// Needs: membership in the group. Cost: 1 request. Errors: HttpError (400) if the group is full.
    task<> add_recipient(ChannelId channel, UserId user);

    /// Removes a user from a group. The caller's MLS Commit must follow.
    /// Needs: to own the group, or to be the user. Cost: 1 request.
    task<> remove_recipient(ChannelId channel, UserId user);

    // Users and accounts

    /// Returns the owner of the token.
    /// Needs: nothing. Cost: 1 request.
    task<User> get_current_user();

    /// Changes the owner of the token and returns the result.
    /// Needs: nothing. Cost: 1 request. Errors: ConfigError if no change is set.
    task<User> edit_current_user(UserEdit changes);

    /// Returns a user.
    /// Needs: nothing. Cost: 1 request.
    task<User> get_user(UserId id);

    /// Creates an account for a person, and returns a token and the user. Sends no token.
    /// Needs: no token. Cost: 1 request, 3 per 3600 s and IP address. Errors: ConfigError for an invalid username, or
    /// an e-mail address or password outside 1-1024 characters.
    task<Login> register_account(NewAccount account);

    /// Logs a person in, and returns a token and the user. Sends no token.
    /// Needs: no token. Cost: 1 request, 5 per 300 s and IP address. Errors: UnauthorizedError for wrong credentials;
    /// other calls are not affected.
    task<Login> login(Credentials credentials);

    /// Ends the session of the current token. The server rejects the token from then on.
    /// Needs: nothing. Cost: 1 request.
    task<> logout();

    // Voice

    /// Returns the regions that can host voice channels.
    /// Needs: nothing. Cost: 1 request.
    task<std::vector<raw::VoiceRegion>> get_voice_regions();

    /// Returns STUN and TURN servers with credentials.
    /// Needs: membership. Cost: 1 request.
    task<raw::TurnCredentials> create_turn_credentials(ServerId server);

    // Webhooks, with the bot's token

    /// Returns the webhooks of a channel.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request.
    task<std::vector<Webhook>> get_webhooks(ChannelId channel);

    /// Returns the webhooks of all channels of a server.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request.
    task<std::vector<Webhook>> get_webhooks(ServerId server);

    /// Creates a webhook and returns it.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request. Errors: HttpError (400) if the channel already has 15 webhooks.
    task<Webhook> create_webhook(ChannelId channel, NewWebhook webhook);

    /// Returns a webhook.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request.
    task<Webhook> get_webhook(WebhookId id);

    /// Changes a webhook and returns the result.
    /// Needs: MANAGE_WEBHOOKS, also in the channel that it moves to. Cost: 1 request. Errors: ConfigError if no change
    /// is set; HttpError (400) if the target channel already has 15 webhooks.
    task<Webhook> edit_webhook(WebhookId id, WebhookEdit changes);

    /// Deletes a webhook.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request.
    task<> remove_webhook(WebhookId id);

    /// Replaces the token of a webhook and returns the webhook. The server rejects the old token from then on.
    /// Needs: MANAGE_WEBHOOKS. Cost: 1 request.
    task<Webhook> regenerate_webhook_token(WebhookId id);

    // Webhooks, with their own token: the bot's token is not sent and need not be set. After a 401, or a 404 for the
    // webhook itself, all further and waiting calls with the same token fail with that error without being sent.
    // `get_webhook` is always sent; if it succeeds, the other calls work again.

    /// Makes a Webhook of an id and a token: `rest.webhook(id, token).execute("hi")`. Only these two fields are set.
    /// Needs: nothing. Cost: no request.
    Webhook webhook(WebhookId id, Secret token) const;

    /// Returns a webhook.
    /// Needs: the webhook's token. Cost: 1 request.
    task<Webhook> get_webhook(WebhookId id, Secret token);

    /// Changes a webhook and returns the result.
    /// Needs: the webhook's token. Cost: 1 request. Errors: ConfigError if no change is set.
    task<Webhook> edit_webhook(WebhookId id, Secret token, WebhookEdit changes);

    /// Deletes a webhook.
    /// Needs: the webhook's token. Cost: 1 request.
    task<> remove_webhook(WebhookId id, Secret token);

    /// Posts a message. Returns it if the server includes it in the answer, as it does with `WebhookBody::wait`.
    /// Needs: the webhook's token. Cost: 1 request, 5 per 2 s and 30 per 60 s of the webhook. Errors: ConfigError for
    /// an empty body, ciphertext, or a body over the limits of WebhookBody; NetworkError although the message may have
    /// been posted.
    task<std::optional<Message>> execute_webhook(WebhookId id, Secret token, WebhookBody body);

    /// Returns a message of a webhook.
    /// Needs: the webhook's token. Cost: 1 request.
    task<Message> get_webhook_message(WebhookId id, Secret token, MessageId message);

    /// Replaces the text or embeds of a message of a webhook and returns the message.
    /// Needs: the webhook's token. Cost: 1 request. Errors: ConfigError for an empty body, ciphertext, or a body over
    /// the limits of MessageBody.
    task<Message> edit_webhook_message(WebhookId id, Secret token, MessageId message, MessageBody body);

    /// Deletes a message of a webhook.
    /// Needs: the webhook's token. Cost: 1 request.
    task<> remove_webhook_message(WebhookId id, Secret token, MessageId message);

    // Other routes

    /// Returns the JSON text of `GET path`. `path` is relative to the base URL and begins with '/', e.g. `/servers`.
    /// Needs: as the route. Cost: 1 request. Errors: ConfigError for a malformed path; DecodeError if the answer is not
    /// JSON.
    task<std::string> get_json(std::string path);

    /// Calls any route with GET, POST, PUT, PATCH or DELETE, and returns the JSON text of the answer, or an empty
    /// string if the answer is empty. `body` is JSON text, or empty for no body.
    /// Needs: as the route. Cost: 1 request. Errors: ConfigError for another method, a malformed path, or a GET with a
    /// body; DecodeError if the answer is not JSON.
    task<std::string> call_json(std::string method, std::string path, std::string body = {});

    /// Replaces the token for all further calls. Calls that failed because the old token was rejected work again.
    /// Errors: ConfigError for an empty token.
    void set_token(Token token);

    /// Returns the known state of the bucket that `create_message` uses for this channel.
    /// Needs: nothing. Cost: no request.
    task<RateLimitInfo> message_limit(ChannelId channel);

private:
    friend class Client;
    friend RestClient detail::rest_of(const ClientRef& ref);
    explicit RestClient(std::shared_ptr<detail::ClientContext> context);
    std::shared_ptr<detail::ClientContext> context_;
    bool owns_thread_ = false;
};

}  // namespace intent
