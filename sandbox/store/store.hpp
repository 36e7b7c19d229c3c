// The platform's data: users, tokens, servers, members, roles, channels, messages, invites, webhooks.
#pragma once

#include "net/file_lock.hpp"
#include "sandbox/store/database.hpp"

#include <intent/permissions.hpp>
#include <intent/raw/channel.hpp>
#include <intent/raw/invite.hpp>
#include <intent/raw/member.hpp>
#include <intent/raw/message.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>
#include <intent/raw/webhook.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

/// A user with the data that only the platform sees.
struct Account {
    raw::User user;
    bool is_bot = false;
    std::string password;  ///< hash (secrets.hpp); empty: cannot log in
};

/// Selects messages of a channel. The page is always ordered newest first.
struct Page {
    int limit = 50;
    std::optional<MessageId> before = {};
    std::optional<MessageId> after = {};  ///< selects the oldest `limit` messages after this one
};

/// The store, in a SQLite file or in memory. It enforces no rules of the platform; `Platform` does.
///
/// Errors: SqliteError from every function, e.g. when the disk is full.
/// Threads: one at a time.
class Store {
public:
    /// Opens a regular file or creates one with mode 0600; an empty path keeps the store in memory. The lock file
    /// `<file>.lock` names this process and keeps other stores from opening the file.
    ///
    /// Errors: ConfigError that names the file, if it cannot be opened, is in use by another process, is not a regular
    /// file, belongs to another program, or was written by a newer version of this one.
    explicit Store(const std::string& path);
    /// `db` must have the tables of `schema_version`.
    explicit Store(Database db) : db_(std::move(db)) {}

    static constexpr int schema_version = 3;

    /// The maximum id in use; 0 if the store is new.
    std::uint64_t max_id();

    std::vector<Account> accounts();         ///< by age
    std::vector<raw::Server> all_servers();  ///< by age
    std::vector<std::string> tokens();       ///< of users, including expired ones, and of webhooks

    struct Count {
        std::string_view what;  ///< "users"
        std::uint64_t number;
    };
    /// How many objects of each kind exist. Cost: linear in their number.
    std::vector<Count> counts();
    /// The size of the database, without its log.
    std::uint64_t bytes();

    void add_user(const Account& account, const std::optional<std::string>& email);
    std::optional<Account> account(UserId id);
    std::optional<Account> account_by_name(std::string_view username);
    std::optional<Account> account_by_email(std::string_view email);
    bool email_taken(std::string_view email);
    void set_display_name(UserId id, std::string_view name);

    /// If `expires_at` is unset, the token never expires.
    void add_token(std::string_view token, UserId user, Timestamp created_at, std::optional<Timestamp> expires_at);
    std::optional<UserId> token_user(std::string_view token, Timestamp now);
    /// The user's valid token that expires last; unset if no token is valid.
    std::optional<std::string> token_of(UserId user, Timestamp now);
    void remove_token(std::string_view token);
    void remove_expired_tokens(Timestamp now);
    void remove_tokens_of(UserId user);

    void add_server(const raw::Server& server);
    std::optional<raw::Server> server(ServerId id);
    std::vector<raw::Server> servers_of(UserId user);
    /// The oldest server: the one that `Platform::seed` created.
    std::optional<ServerId> first_server();
    void update_server(const raw::Server& server);  ///< name and description
    void remove_server(ServerId id);

    /// False if the user is a member already.
    bool add_member(ServerId server, UserId user, Timestamp joined_at);
    bool remove_member(ServerId server, UserId user);
    bool is_member(ServerId server, UserId user);
    std::vector<UserId> members(ServerId server);
    /// The members with a role that allows it, and the owner.
    std::vector<UserId> members_with(ServerId server, Permission permission);
    std::optional<raw::Member> member(ServerId server, UserId user);
    std::vector<raw::Member> member_list(ServerId server);  ///< by name
    /// At most `limit` members with a username, display name or nickname that begins with `start`. Ignores ASCII case.
    std::vector<raw::Member> find_members(ServerId server, std::string_view start, int limit);
    void set_nickname(ServerId server, UserId user, const std::optional<std::string>& nickname);
    /// Replaces the member's roles. The role that every member has is implied.
    void set_member_roles(ServerId server, UserId user, const std::vector<RoleId>& roles);
    void add_member_role(ServerId server, UserId user, RoleId role);
    /// All users who share a server with `user`, without `user`.
    std::vector<UserId> acquaintances(UserId user);

    void add_role(const raw::Role& role, bool for_bots);
    std::optional<raw::Role> role(RoleId id);
    std::vector<raw::Role> roles_of(ServerId server);  ///< by position, then age
    std::optional<RoleId> bots_role(ServerId server);
    void update_role(const raw::Role& role);  ///< all fields except server and creation time
    void remove_role(RoleId id);
    /// The combined permissions of the member's roles; empty for non-members. Ignores ownership of the server.
    Permissions permissions(ServerId server, UserId user);

    void add_invite(const raw::Invite& invite);
    std::optional<raw::Invite> invite(std::string_view code);
    std::vector<raw::Invite> invites_of(ServerId server);  ///< oldest first
    void count_invite_use(std::string_view code);
    void remove_invite(std::string_view code);

    void add_webhook(const raw::Webhook& webhook);
    std::optional<raw::Webhook> webhook(WebhookId id);
    std::vector<raw::Webhook> webhooks_of(ChannelId channel);
    std::vector<raw::Webhook> webhooks_of(ServerId server);
    void update_webhook(const raw::Webhook& webhook);  ///< channel, name, avatar, token, enabled
    void remove_webhook(WebhookId id);

    void add_channel(const raw::Channel& channel);
    std::optional<raw::Channel> channel(ChannelId id);
    std::vector<raw::Channel> channels_of(ServerId server);  ///< by position, then age
    void update_channel(const raw::Channel& channel);        ///< name, topic, position, parent
    void remove_channel(ChannelId id);

    void add_direct_channel(const raw::Channel& channel, const std::vector<UserId>& members);
    std::vector<raw::Channel> direct_channels();  ///< by age, with all members as recipients
    std::optional<raw::Channel> direct_channel_of(UserId one, UserId other);  ///< of exactly these two users
    std::vector<raw::User> recipients(ChannelId channel);                     ///< all members, by age
    bool is_recipient(ChannelId channel, UserId user);
    void add_recipient(ChannelId channel, UserId user);
    void remove_recipient(ChannelId channel, UserId user);
    void set_group_owner(ChannelId channel, UserId owner);

    void add_message(const raw::Message& message);
    std::optional<raw::Message> message(MessageId id);
    std::vector<raw::Message> messages(ChannelId channel, const Page& page);
    std::vector<raw::Message> all_messages(ChannelId channel);  ///< oldest first
    void update_message(const raw::Message& message);           ///< content, embeds, ciphertext, edited_at
    void remove_message(MessageId id);

    Database& database() noexcept { return db_; }

private:
    std::optional<net::FileLock> lock_ = {};  ///< released after the database is closed
    Database db_;
};

}  // namespace intent::sandbox
