// What people and bots can do, and who may: the rules of the platform over its store.
#pragma once

#include "sandbox/event.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/store.hpp"

#include <intent/sandbox.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

struct NewServer {
    std::string name;
    std::optional<std::string> description = {};
};

/// Unset members stay as they are; a set `description` or `topic` may hold "none".
struct ServerChange {
    std::optional<std::string> name = {};
    std::optional<std::optional<std::string>> description = {};
};

struct NewChannel {
    std::string name;
    ChannelType type = ChannelType::text;
    std::optional<std::string> topic = {};
    std::optional<int> position = {};  ///< unset: behind the others
};

struct ChannelChange {
    std::optional<std::string> name = {};
    std::optional<std::optional<std::string>> topic = {};
    std::optional<int> position = {};
};

struct MessageContent {
    std::optional<std::string> content = {};
    std::optional<std::vector<raw::Embed>> embeds = {};  ///< checked where they were read (embeds.hpp)
};

/// The result of registering or logging in.
struct Login {
    std::string token;
    raw::User user;
};

/// The platform. Every function acts for `actor` and checks that they may; changes are stored, then handed to `emit` as
/// the events of protocol §7.
///
/// Errors: Problem for a refusal, SqliteError from the store.
/// Threads: one at a time.
class Platform {
public:
    Platform(Store& store, SandboxDialect dialect, std::function<void(Event)> emit);

    /// Makes the server "Sandbox", `#general` and `alice` in a new store, and the bots that are missing.
    ///
    /// Errors: ConfigError if a bot's name or token is not acceptable.
    void seed(const std::vector<SandboxBot>& bots, Timestamp now);
    /// The store was replaced: as `seed`, and new ids go on from its own.
    void reload(const std::vector<SandboxBot>& bots, Timestamp now);
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

    std::vector<raw::Message> messages(UserId actor, ChannelId channel, const Page& page);
    /// Unset `channel`: wherever the message is.
    raw::Message message(UserId actor, std::optional<ChannelId> channel, MessageId id);
    raw::Message create_message(UserId actor, ChannelId channel, MessageContent content, Timestamp now);
    raw::Message edit_message(UserId actor, std::optional<ChannelId> channel, MessageId id, MessageContent content,
                              Timestamp now);
    void delete_message(UserId actor, std::optional<ChannelId> channel, MessageId id);

    raw::User user(UserId id);
    raw::User edit_user(UserId actor, const std::optional<std::string>& display_name);
    /// Makes a person who is a member of the seed server. An empty password: cannot log in.
    raw::User add_user(std::string_view username, const std::optional<std::string>& email, std::string_view password,
                       Timestamp now);
    /// The same for a person or a bot, who is given a token that lives for ever.
    raw::User add_account(std::string_view username, const std::optional<std::string>& display_name, bool is_bot,
                          Timestamp now);
    Login register_user(std::string_view username, std::string_view email, std::string_view password, Timestamp now);
    Login login(std::string_view username_or_email, std::string_view password, Timestamp now);
    /// A person's token that lives; a new one, valid for 7 days, if there is none.
    std::string token_for(UserId user, Timestamp now);

    /// Called for every message that was posted or edited.
    std::function<void(const raw::Message&)> on_message = {};

private:
    raw::Server require_member(UserId actor, ServerId id);
    raw::Server require_manager(UserId actor, ServerId id, std::string_view what);
    raw::Channel require_channel(UserId actor, ChannelId id);
    void check_content(const raw::Message& message) const;
    void seed_bot(const SandboxBot& bot, Timestamp now);
    std::string new_token(UserId user, Timestamp now);
    template <class T>
    void announce(std::string_view name, std::string_view key, const T& value, std::vector<UserId> audience);

    Store& store_;
    SandboxDialect dialect_;
    std::function<void(Event)> emit_;
    IdSource ids_;
    ServerId server_;
    ChannelId general_;
};

}  // namespace intent::sandbox
