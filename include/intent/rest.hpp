// The REST API: one function per route (protocol §9).
#pragma once

#include <intent/bodies.hpp>
#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
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
#include <intent/user.hpp>
#include <intent/webhook.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

namespace detail {}

/// How a connection is made and what it trusts: TLS 1.2 or later, the host's name checked, the system's trust store.
struct TlsSettings {
    std::string extra_ca_file = {};              ///< PEM file trusted besides the system's store
    bool dangerously_skip_verification = false;  ///< accepts any certificate; for tests on your own machine only
};

/// Settings of a RestClient that has no gateway connection.
struct RestOptions {
    Token token = {};                                     ///< may be empty for calls that need none
    std::string rest_url = "https://api.intent.chat/v1";  ///< https:// or http:// with the base path
    TlsSettings tls = {};
    Proxy proxy = {};  ///< default: as the environment says
    std::chrono::milliseconds request_timeout =
        std::chrono::seconds(15);  ///< of one try, from connect to the last byte
    /// A call whose rate limit is known to hold it up for longer fails with a TimeoutError instead of waiting; nothing
    /// is sent. 0 or more; unset: every call waits its turn.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait = {};
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: silence
};

/// What is known of the bucket of a route (protocol §10).
struct RateLimitInfo {
    std::optional<int> limit = {};
    std::optional<int> remaining = {};
    std::optional<std::chrono::milliseconds> reset_after = {};
    std::size_t waiting = 0;  ///< calls that wait for their turn
};

/// Calls the REST API. Calls wait for their turn, so that a bot that is the token's only client never meets a rate
/// limit; within a bucket they are made in the order they were called. Faults are retried as protocol §11 says.
///
/// Every call fails with ConfigError when an argument is not acceptable or the token is missing (nothing is sent then),
/// UnauthorizedError, ForbiddenError, NotFoundError, RateLimitError, ServerError, HttpError by the answer's status,
/// NetworkError and TimeoutError without one, DecodeError when the answer is not what the route answers, CancelledError
/// when the client stops first. Each costs one request, retries apart.
///
/// Distinct objects: safe. Shared objects: safe.
class RestClient {
public:
    /// A client with a thread of its own, for programs that need no gateway.
    ///
    /// Errors: ConfigError for a malformed URL, or a proxy that cannot be used.
    explicit RestClient(RestOptions options);
    RestClient(RestClient&&) noexcept;
    RestClient& operator=(RestClient&&) noexcept;
    ~RestClient();  ///< of a client of its own: cancels what is pending and waits

    task<std::vector<Server>> get_servers();
    task<Server> get_server(ServerId id);
    task<Server> create_server(NewServer server);
    task<Server> edit_server(ServerId id, ServerEdit changes);
    task<> delete_server(ServerId id);
    task<> leave_server(ServerId id);

    /// Some servers list plain users: their members have no roles and the join time 1970-01-01 (protocol §9).
    task<std::vector<Member>> get_members(ServerId id);
    task<Member> get_member(ServerId server, UserId user);
    task<Member> edit_member(ServerId server, UserId user, MemberEdit changes);
    task<> remove_member(ServerId server, UserId user);

    task<std::vector<Role>> get_roles(ServerId server);
    task<Role> create_role(ServerId server, NewRole role);
    task<Role> edit_role(ServerId server, RoleId role, RoleEdit changes);
    task<> delete_role(ServerId server, RoleId role);

    // A code stands alone, without the link around it.
    task<std::vector<Invite>> get_invites(ServerId server);
    task<Invite> create_invite(ServerId server, NewInvite invite = {});
    /// The specification's way to make one; `NewInvite::channel` must not be set.
    task<Invite> create_invite(ChannelId channel, NewInvite invite = {});
    task<Invite> get_invite(std::string code);
    task<AcceptedInvite> accept_invite(std::string code);
    task<> delete_invite(std::string code);

    task<std::vector<Channel>> get_channels(ServerId id);
    task<Channel> get_channel(ChannelId id);
    task<Channel> create_channel(ServerId id, NewChannel channel);
    task<Channel> edit_channel(ChannelId id, ChannelEdit changes);
    task<> delete_channel(ChannelId id);

    task<std::vector<Message>> get_messages(ChannelId channel, PageOptions page = {});
    task<Message> get_message(ChannelId channel, MessageId id);
    task<Message> create_message(ChannelId channel, MessageBody body);
    task<Message> edit_message(ChannelId channel, MessageId id, MessageBody body);
    task<> delete_message(ChannelId channel, MessageId id);

    /// Deletes 1 to 100 messages at once. The protocol does not tell the shape of this call; the ids go as `messages`.
    task<> delete_messages(ChannelId channel, IdList<MessageId> ids);

    /// Shows the bot as typing for 10 s, or until it writes a message. The protocol names no such route; platforms of
    /// this family have `POST /channels/{id}/typing`.
    task<> trigger_typing(ChannelId channel);

    // Direct messages (protocol §16): their messages are encrypted end to end, so text is refused and
    // `MessageBody::mls_ciphertext` is what they take.

    /// The channel with one user, made if there is none yet.
    task<Channel> create_dm(UserId recipient);
    /// A new group with 2 to 9 others.
    task<Channel> create_dm(IdList<UserId> recipients);
    /// Adds a user to a group, or removes one. The caller's MLS Commit must follow.
    task<> add_recipient(ChannelId channel, UserId user);
    task<> remove_recipient(ChannelId channel, UserId user);

    task<User> get_current_user();
    task<User> edit_current_user(UserEdit changes);
    task<User> get_user(UserId id);

    // For people's accounts; neither of the two needs a token, nor is one sent. A 401 is about the credentials alone.
    task<Login> register_account(NewAccount account);
    task<Login> login(Credentials credentials);

    /// Ends the session of the present token, which is refused from then on.
    task<> logout();

    task<std::vector<raw::VoiceRegion>> get_voice_regions();
    task<raw::TurnCredentials> create_turn_credentials(ServerId server);

    // Webhooks, by the bot's token.
    task<std::vector<Webhook>> get_webhooks(ChannelId channel);
    task<std::vector<Webhook>> get_webhooks(ServerId server);
    task<Webhook> create_webhook(ChannelId channel, NewWebhook webhook);
    task<Webhook> get_webhook(WebhookId id);
    task<Webhook> edit_webhook(WebhookId id, WebhookEdit changes);
    task<> delete_webhook(WebhookId id);
    task<Webhook> regenerate_webhook_token(WebhookId id);

    // Webhooks, by their own token: the bot's is not sent and need not be set. After a 401, or a 404 that is about the
    // webhook itself, further calls by the same token fail at once with that error, those that wait included, and
    // nothing is sent; `get_webhook` alone asks anew, and its success opens the way again.
    task<Webhook> get_webhook(WebhookId id, Secret token);
    task<Webhook> edit_webhook(WebhookId id, Secret token, WebhookEdit changes);
    task<> delete_webhook(WebhookId id, Secret token);

    /// Writes a message. It comes back if the server answers with it, as it does when asked by `WebhookBody::wait`.
    /// Cost: one request of the webhook's 5 in 2 s and 30 in 60 s.
    task<std::optional<Message>> execute_webhook(WebhookId id, Secret token, WebhookBody body);
    task<Message> get_webhook_message(WebhookId id, Secret token, MessageId message);
    task<Message> edit_webhook_message(WebhookId id, Secret token, MessageId message, MessageBody body);
    task<> delete_webhook_message(WebhookId id, Secret token, MessageId message);

    /// The JSON text that `GET path` answers; `path` is below the base and begins with '/', e.g. `/servers`. Limits,
    /// retries and errors are as for every call: DecodeError if the answer is not JSON.
    task<std::string> get_json(std::string path);

    /// The same for any method (GET, POST, PUT, PATCH, DELETE), with a body of JSON text or none; empty if the server
    /// answers with nothing. For routes that no function above stands for.
    task<std::string> call_json(std::string method, std::string path, std::string body = {});

    /// Replaces the token for calls made from now on; calls that fail because the old one was refused work again.
    void set_token(Token token);

    /// What is known of the bucket that `create_message` on this channel uses. Cost: no request.
    task<RateLimitInfo> message_limit(ChannelId channel);

private:
    friend class Client;
    explicit RestClient(std::shared_ptr<detail::ClientContext> context);
    std::shared_ptr<detail::ClientContext> context_;
    bool owns_thread_ = false;
};

}  // namespace intent
