// The actions of users and bots and their permission checks: the platform's rules on top of its store.
#pragma once

#include "sandbox/base/event.hpp"
#include "sandbox/base/ids.hpp"
#include "sandbox/platform/ice.hpp"
#include "sandbox/store/store.hpp"

#include <intent/sandbox/options.hpp>

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

struct NewServer {
    std::string name;
    std::optional<std::string> description = {};
};

/// Unset members leave the value unchanged; a set `description` or `topic` that holds nullopt clears it.
struct ServerChange {
    std::optional<std::string> name = {};
    std::optional<std::optional<std::string>> description = {};
};

struct NewChannel {
    std::string name;
    ChannelType type = ChannelType::text;
    std::optional<std::string> topic = {};
    std::optional<int> position = {};  ///< unset: after the others
    std::optional<ChannelId> parent = {};
};

struct ChannelChange {
    std::optional<std::string> name = {};
    std::optional<std::optional<std::string>> topic = {};
    std::optional<int> position = {};
    std::optional<std::optional<ChannelId>> parent = {};
};

struct MessageContent {
    std::optional<std::string> content = {};
    std::optional<std::vector<raw::Embed>> embeds = {};  ///< checked where they were read (embeds.hpp)
    std::optional<std::string> ciphertext = {};          ///< base64; replaces the others in direct messages
};

/// A direct message channel: one recipient makes a channel of two users, 2-9 recipients make a group.
struct NewDirect {
    std::vector<UserId> recipients = {};       ///< without the user who opens it
    std::optional<std::string> name = {};      ///< of a group
    std::optional<std::string> icon_url = {};  ///< of a group
    bool mls_initialized = false;
};

struct OpenedChannel {
    raw::Channel channel;  ///< as seen by the user who opened it
    bool is_new = false;
};

struct MemberChange {
    std::optional<std::optional<std::string>> nickname = {};
    std::optional<std::vector<RoleId>> roles = {};
};

/// A new role, or a change of a role. Unset fields get the platform's default or stay unchanged.
struct RoleFields {
    std::optional<std::string> name = {};
    std::optional<Permissions> permissions = {};
    std::optional<int> position = {};
    std::optional<std::uint32_t> color = {};
    std::optional<bool> hoist = {};
    std::optional<bool> mentionable = {};
};

inline constexpr int max_role_position = 1'000'000;

struct NewInvite {
    std::optional<ChannelId> channel = {};
    std::optional<int> max_uses = {};
    std::optional<int> max_age_seconds = {};
};

/// A new webhook, or a change of a webhook. A set `avatar_url` that holds nullopt clears it.
struct WebhookFields {
    std::optional<std::string> name = {};
    std::optional<std::optional<std::string>> avatar_url = {};
    std::optional<ChannelId> channel = {};  ///< changes only: moves it within its server
    std::optional<bool> enabled = {};       ///< changes only
};

/// Name and avatar shown on a webhook's message; unset: those of the webhook.
struct WebhookMask {
    std::optional<std::string> username = {};
    std::optional<std::string> avatar_url = {};
};

/// Identifies a webhook in requests without a bearer token.
struct WebhookKey {
    WebhookId id;
    std::string_view token;
};

struct NewUser {
    std::string_view username;
    std::optional<std::string> display_name = {};  ///< unset: the username
    std::optional<std::string> email = {};
    std::string password_hash = {};  ///< empty: cannot log in
    bool is_bot = false;
};

/// The result of registering or logging in.
struct Login {
    std::string token;
    raw::User user;
};

/// The platform. Every function acts for `actor` and checks their permissions. It stores changes, then passes them to
/// `emit` as the events of protocol §7.
///
/// Errors: Problem for a refusal, SqliteError from the store.
/// Threads: one at a time.
class Platform {
public:
    Platform(Store& store, Dialect dialect, std::function<void(Event)> emit);

    /// Creates the server "Sandbox", `#general` and `alice` in a new store, and adds missing bots to any store.
    ///
    /// Errors: ConfigError if a bot's name or token is invalid or taken.
    void seed(const std::vector<Bot>& bots, Timestamp now);
    /// Call it after the store was replaced: does what `seed` does, and new ids continue after the ids of the store.
    void reload(const std::vector<Bot>& bots, Timestamp now);
    ServerId seed_server() const noexcept { return server_; }
    ChannelId seed_channel() const noexcept { return general_; }

    std::vector<raw::Server> servers(UserId actor);
    raw::Server server(UserId actor, ServerId id);
    raw::Server create_server(UserId actor, NewServer server, Timestamp now);
    raw::Server edit_server(UserId actor, ServerId id, const ServerChange& change);
    void delete_server(UserId actor, ServerId id);
    void leave_server(UserId actor, ServerId id);
    void add_member(ServerId id, UserId user, Timestamp now);

    std::vector<raw::Channel> channels(UserId actor, ServerId id);
    raw::Channel channel(UserId actor, ChannelId id);
    raw::Channel create_channel(UserId actor, ServerId id, NewChannel channel, Timestamp now);
    raw::Channel edit_channel(UserId actor, ChannelId id, const ChannelChange& change);
    void delete_channel(UserId actor, ChannelId id);

    /// Returns the existing channel of two users or creates one; a group is always new.
    OpenedChannel open_direct(UserId actor, const NewDirect& wanted, Timestamp now);
    void add_recipient(UserId actor, ChannelId id, UserId user);
    void remove_recipient(UserId actor, ChannelId id, UserId user);

    std::vector<raw::Message> messages(UserId actor, ChannelId channel, const Page& page);
    /// If `channel` is unset, finds the message in any channel.
    raw::Message message(UserId actor, std::optional<ChannelId> channel, MessageId id);
    raw::Message create_message(UserId actor, ChannelId channel, MessageContent content, Timestamp now);
    raw::Message edit_message(UserId actor, std::optional<ChannelId> channel, MessageId id, MessageContent content,
                              Timestamp now);
    void delete_message(UserId actor, std::optional<ChannelId> channel, MessageId id);

    /// Deletes all messages or, if one cannot be deleted, no message.
    void delete_messages(UserId actor, ChannelId channel, const std::vector<MessageId>& ids);
    void start_typing(UserId actor, ChannelId channel, Timestamp now);

    std::vector<raw::Member> members(UserId actor, ServerId id);
    raw::Member member(UserId actor, ServerId id, UserId user);
    raw::Member edit_member(UserId actor, ServerId id, UserId user, const MemberChange& change);
    void kick_member(UserId actor, ServerId id, UserId user);
    std::vector<raw::Role> roles(UserId actor, ServerId id);
    raw::Role create_role(UserId actor, ServerId id, RoleFields fields, Timestamp now);
    raw::Role edit_role(UserId actor, ServerId id, RoleId role, const RoleFields& fields);
    void delete_role(UserId actor, ServerId id, RoleId role);

    std::vector<raw::Invite> invites(UserId actor, ServerId id, Timestamp now);
    raw::Invite create_invite(UserId actor, ServerId id, const NewInvite& wanted, Timestamp now);
    raw::Invite create_invite(UserId actor, ChannelId id, NewInvite wanted, Timestamp now);
    raw::Invite invite(std::string_view code, Timestamp now);
    raw::AcceptedInvite accept_invite(UserId actor, std::string_view code, Timestamp now);
    void delete_invite(UserId actor, std::string_view code, Timestamp now);

    std::vector<raw::Webhook> webhooks(UserId actor, ChannelId id);
    std::vector<raw::Webhook> webhooks(UserId actor, ServerId id);
    raw::Webhook create_webhook(UserId actor, ChannelId id, WebhookFields fields, Timestamp now);
    raw::Webhook webhook(UserId actor, WebhookId id);
    raw::Webhook edit_webhook(UserId actor, WebhookId id, const WebhookFields& fields);
    void delete_webhook(UserId actor, WebhookId id);
    raw::Webhook regenerate_webhook_token(UserId actor, WebhookId id);
    raw::Webhook webhook(const WebhookKey& key);
    raw::Webhook edit_webhook(const WebhookKey& key, const WebhookFields& fields);
    void delete_webhook(const WebhookKey& key);
    raw::Message execute_webhook(const WebhookKey& key, MessageContent content, const WebhookMask& mask, Timestamp now);
    raw::Message webhook_message(const WebhookKey& key, MessageId id);
    raw::Message edit_webhook_message(const WebhookKey& key, MessageId id, MessageContent content, Timestamp now);
    void delete_webhook_message(const WebhookKey& key, MessageId id);

    std::vector<raw::IceServer> ice_servers(UserId actor, ServerId id, Timestamp now);
    const IceServers& ice() const noexcept { return ice_; }

    /// A member's permissions in a server: all for the owner, empty for non-members (protocol §14).
    Permissions permissions(ServerId id, UserId user);

    raw::User user(UserId id);
    /// A set `display_name` that holds nullopt resets it to the username.
    raw::User edit_user(UserId actor, const std::optional<std::optional<std::string>>& display_name);
    /// Creates a user who is a member of the seed server. With an empty hash, the user cannot log in.
    raw::User add_user(std::string_view username, const std::optional<std::string>& email, std::string password_hash,
                       Timestamp now);
    /// Errors: Problem 404 if the account does not exist.
    Account find_account(std::string_view name_or_id);
    /// As `add_user`, for a user or a bot, and with a token; a bot's token never expires.
    Login add_account(std::string_view username, const std::optional<std::string>& display_name, bool is_bot,
                      Timestamp now);
    /// Checks a registration before the password is hashed. Errors: Problem 400 or 409.
    void check_registration(std::string_view username, std::string_view email, std::string_view password);
    Login register_user(std::string_view username, std::string_view email, std::string password_hash, Timestamp now);
    /// True for the name and password of the seed user `alice`, which are documented.
    static bool is_seed_login(std::string_view username, std::string_view password) noexcept;
    /// The hash to check the user's password against.
    ///
    /// Errors: Problem 401 if the user cannot log in.
    std::string password_hash(std::string_view username_or_email);
    /// `hash`: the hash that the password matched; unset if it did not match.
    Login login(std::string_view username_or_email, const std::optional<std::string>& hash, Timestamp now);
    /// A valid token of the user. Creates one that is valid for 7 days if there is no valid token.
    std::string token_for(UserId user, Timestamp now);

    /// Called after every message is posted or edited.
    std::function<void(const raw::Message&)> on_message = {};
    /// Called when users may have lost access to a channel or the permission to speak there: after a member leaves, a
    /// channel or server is deleted, or a role or its assignment changes.
    std::function<void()> on_access_change = {};

private:
    raw::Server require_member(UserId actor, ServerId id);
    raw::Server require(UserId actor, ServerId id, Permission permission);
    raw::Channel require_channel(UserId actor, ChannelId id, std::initializer_list<Permission> needed = {});
    raw::Channel require_text_channel(UserId actor, ChannelId id, std::initializer_list<Permission> needed);
    void require_recipient(UserId actor, const raw::Channel& channel, std::initializer_list<Permission> needed);
    raw::Channel require_group(UserId actor, ChannelId id);
    /// The users who get the events of a channel.
    std::vector<UserId> audience_of(const raw::Channel& channel);
    /// A direct message channel with its recipients except the viewer.
    raw::Channel seen_by(UserId viewer, raw::Channel channel);
    void announce_direct(std::string_view name, const raw::Channel& channel, const std::vector<UserId>& to);
    void check_parent(ServerId server, ChannelId parent);
    void check_content(const raw::Message& message) const;
    raw::Message apply_edit(raw::Message message, MessageContent content, Timestamp now);
    void post(raw::Message& message, const raw::Channel& where, Timestamp now);
    void remove_message(const raw::Message& message);
    std::string name_of(UserId id);
    std::string name_of(const raw::Server& server) const;
    void join(ServerId id, const Account& account, Timestamp now);
    void announce_join(ServerId id, UserId user);
    void part(ServerId id, UserId user);
    raw::User make_user(const NewUser& wanted, Timestamp now);
    std::optional<Account> find_person(std::string_view username_or_email);
    raw::Member require_other_member(ServerId id, UserId user);
    raw::Role require_role(ServerId id, RoleId role);
    raw::Invite require_invite(std::string_view code, Timestamp now);
    raw::Webhook require_webhook(WebhookId id);
    void check_webhook_room(const raw::Channel& channel);
    void move_webhook(raw::Webhook& webhook, const raw::Channel& to);
    raw::Webhook change_webhook(raw::Webhook webhook, const WebhookFields& fields);
    void seed_bot(const Bot& bot, Timestamp now);
    std::string new_token(UserId user, Timestamp now);
    std::string new_bot_token(UserId bot, Timestamp now);
    template <class T>
    void announce(std::string_view name, std::string_view key, const T& value, std::vector<UserId> audience);

    Store& store_;
    Dialect dialect_;
    std::function<void(Event)> emit_;
    IdSource ids_;
    IceServers ice_;
    ServerId server_;
    ChannelId general_;
};

/// "#general" or "direct messages", for messages to people.
std::string place_name(const raw::Channel& channel);

/// Checks that the message fits the channel: direct messages are ciphertext, all others are not (protocol §16).
///
/// Errors: Problem 400 that names the field.
void check_encryption(const raw::Channel& where, const MessageContent& content);

}  // namespace intent::sandbox
