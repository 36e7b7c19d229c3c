// The store's channels and messages.
#include "codec/convert.hpp"
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

#include <algorithm>
#include <limits>

namespace intent::inline v0::sandbox {
namespace {

std::optional<std::string> embeds_column(const std::vector<raw::Embed>& embeds) {
    if (embeds.empty()) return std::nullopt;
    std::string text = "[";
    for (const auto& embed : embeds) {
        if (text.size() > 1) text += ',';
        text += codec::to_json(embed);
    }
    return text + "]";
}

/// The author of a message is a user, or a webhook under the name that it used.
constexpr std::string_view message_columns =
    "SELECT m.id, m.channel_id, m.content, m.embeds, m.created_at, m.edited_at, m.webhook_id, "
    "coalesce(u.id, m.webhook_id), coalesce(u.username, m.author_name), coalesce(u.display_name, m.author_name), "
    "coalesce(u.avatar_url, m.author_avatar), u.created_at, m.mls_ciphertext "
    "FROM messages AS m LEFT JOIN users AS u ON u.id = m.author_id ";

std::string select_messages(std::string_view condition) {
    return std::string(message_columns).append("WHERE ").append(condition);
}

raw::Message read_message(const Statement& row) {
    raw::Message message{.id = MessageId{row.id(0)},
                         .channel_id = ChannelId{row.id(1)},
                         .author = read_user(row, 7),
                         .content = row.text(2),
                         .created_at = row.time(4)};
    message.edited_at = row.optional_time(5);
    message.webhook_id = row.optional_id<WebhookId>(6);
    message.mls_ciphertext = row.optional_text(12);
    if (const auto embeds = row.optional_text(3)) {
        auto decoded = codec::from_json_list<raw::Embed>(*embeds, "embeds");
        if (decoded) message.embeds = std::move(*decoded);
    }
    return message;
}

/// SQLite's integers are signed; no row has an id above their maximum.
std::int64_t clamp_id(MessageId id) {
    constexpr auto maximum = std::numeric_limits<std::int64_t>::max();
    return id.value > static_cast<std::uint64_t>(maximum) ? maximum : static_cast<std::int64_t>(id.value);
}

}  // namespace

void Store::add_channel(const raw::Channel& channel) {
    db_.run(
        "INSERT INTO channels (id, server_id, name, type, topic, position, parent_id, created_at, mls_initialized) "
        "VALUES (?,?,?,?,?,?,?,?,0)",
        channel.id, channel.server_id, channel.name, static_cast<int>(channel.type), channel.topic, channel.position,
        channel.parent_id, channel.created_at);
}

std::optional<raw::Channel> Store::channel(ChannelId id) {
    return db_.query(select_channels("id = ?"), id).first(read_channel);
}

std::vector<raw::Channel> Store::channels_of(ServerId server) {
    return db_.query(select_channels("server_id = ? ORDER BY position, id"), server).all(read_channel);
}

void Store::update_channel(const raw::Channel& channel) {
    db_.run("UPDATE channels SET name = ?, topic = ?, position = ?, parent_id = ? WHERE id = ?", channel.name,
            channel.topic, channel.position, channel.parent_id, channel.id);
}

void Store::remove_channel(ChannelId id) {
    db_.run("UPDATE channels SET parent_id = NULL WHERE parent_id = ?", id);
    db_.run("DELETE FROM channels WHERE id = ?", id);
}

void Store::add_message(const raw::Message& message) {
    std::optional<UserId> author;
    std::optional<std::string> name, avatar;
    if (message.webhook_id) {
        name = message.author.display_name;
        avatar = message.author.avatar_url;
    } else {
        author = message.author.id;
    }
    db_.run(
        "INSERT INTO messages (id, channel_id, author_id, webhook_id, author_name, author_avatar, content, embeds, "
        "created_at, mls_ciphertext) VALUES (?,?,?,?,?,?,?,?,?,?)",
        message.id, message.channel_id, author, message.webhook_id, name, avatar, message.content,
        embeds_column(message.embeds), message.created_at, message.mls_ciphertext);
}

std::optional<raw::Message> Store::message(MessageId id) {
    return db_.query(select_messages("m.id = ?"), clamp_id(id)).first(read_message);
}

std::vector<raw::Message> Store::messages(ChannelId channel, const Page& page) {
    const std::int64_t before = page.before ? clamp_id(*page.before) : std::numeric_limits<std::int64_t>::max();
    const std::int64_t after = page.after ? clamp_id(*page.after) : -1;
    if (!page.after)
        return db_
            .query(select_messages("m.channel_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?"), channel, before,
                   page.limit)
            .all(read_message);
    auto messages = db_.query(select_messages("m.channel_id = ? AND m.id > ? AND m.id < ? ORDER BY m.id LIMIT ?"),
                              channel, after, before, page.limit)
                        .all(read_message);
    std::reverse(messages.begin(), messages.end());
    return messages;
}

std::vector<raw::Message> Store::all_messages(ChannelId channel) {
    return db_.query(select_messages("m.channel_id = ? ORDER BY m.id"), channel).all(read_message);
}

void Store::update_message(const raw::Message& message) {
    db_.run("UPDATE messages SET content = ?, embeds = ?, edited_at = ?, mls_ciphertext = ? WHERE id = ?",
            message.content, embeds_column(message.embeds), message.edited_at, message.mls_ciphertext, message.id);
}

void Store::remove_message(MessageId id) { db_.run("DELETE FROM messages WHERE id = ?", id); }

}  // namespace intent::sandbox
