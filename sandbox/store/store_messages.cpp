// The store's channels and messages.
#include "codec/convert.hpp"
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

#include <algorithm>
#include <limits>

namespace intent::sandbox {
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
                         .created_at = timestamp(row.integer(4))};
    if (const auto edited = row.optional_integer(5)) message.edited_at = timestamp(*edited);
    if (!row.is_null(6)) message.webhook_id = WebhookId{row.id(6)};
    if (const auto since = row.optional_integer(11)) message.author.created_at = timestamp(*since);
    message.mls_ciphertext = row.optional_text(12);
    if (const auto embeds = row.optional_text(3)) {
        auto decoded = codec::from_json_list<raw::Embed>(*embeds, "embeds");
        if (decoded) message.embeds = std::move(*decoded);
    }
    return message;
}

std::vector<raw::Message> read_messages(Statement row) {
    std::vector<raw::Message> messages;
    while (row.step())
        messages.push_back(read_message(row));
    return messages;
}

/// SQLite's integers are signed; no row has an id above their maximum.
std::int64_t clamp_id(MessageId id) {
    constexpr auto maximum = std::numeric_limits<std::int64_t>::max();
    return id.value > static_cast<std::uint64_t>(maximum) ? maximum : static_cast<std::int64_t>(id.value);
}

}  // namespace

void Store::add_channel(const raw::Channel& channel) {
    std::optional<std::uint64_t> parent;
    if (channel.parent_id) parent = channel.parent_id->value;
    db_.run(
        "INSERT INTO channels (id, server_id, name, type, topic, position, parent_id, created_at, mls_initialized) "
        "VALUES (?,?,?,?,?,?,?,?,0)",
        channel.id.value, channel.server_id.value, channel.name, static_cast<int>(channel.type), channel.topic,
        channel.position, parent, microseconds(*channel.created_at));
}

std::optional<raw::Channel> Store::channel(ChannelId id) {
    auto row = db_.query(select_channels("id = ?"), id.value);
    if (!row.step()) return std::nullopt;
    return read_channel(row);
}

std::vector<raw::Channel> Store::channels_of(ServerId server) {
    auto row = db_.query(select_channels("server_id = ? ORDER BY position, id"), server.value);
    std::vector<raw::Channel> channels;
    while (row.step())
        channels.push_back(read_channel(row));
    return channels;
}

void Store::update_channel(const raw::Channel& channel) {
    std::optional<std::uint64_t> parent;
    if (channel.parent_id) parent = channel.parent_id->value;
    db_.run("UPDATE channels SET name = ?, topic = ?, position = ?, parent_id = ? WHERE id = ?", channel.name,
            channel.topic, channel.position, parent, channel.id.value);
}

void Store::remove_channel(ChannelId id) {
    db_.run("UPDATE channels SET parent_id = NULL WHERE parent_id = ?", id.value);
    db_.run("DELETE FROM channels WHERE id = ?", id.value);
}

void Store::add_message(const raw::Message& message) {
    std::optional<std::uint64_t> author, webhook;
    std::optional<std::string> name, avatar;
    if (message.webhook_id) {
        webhook = message.webhook_id->value;
        name = message.author.display_name;
        avatar = message.author.avatar_url;
    } else {
        author = message.author.id.value;
    }
    db_.run(
        "INSERT INTO messages (id, channel_id, author_id, webhook_id, author_name, author_avatar, content, embeds, "
        "created_at, mls_ciphertext) VALUES (?,?,?,?,?,?,?,?,?,?)",
        message.id.value, message.channel_id.value, author, webhook, name, avatar, message.content,
        embeds_column(message.embeds), microseconds(message.created_at), message.mls_ciphertext);
}

std::optional<raw::Message> Store::message(MessageId id) {
    auto row = db_.query(select_messages("m.id = ?"), clamp_id(id));
    if (!row.step()) return std::nullopt;
    return read_message(row);
}

std::vector<raw::Message> Store::messages(ChannelId channel, const Page& page) {
    const std::int64_t before = page.before ? clamp_id(*page.before) : std::numeric_limits<std::int64_t>::max();
    const std::int64_t after = page.after ? clamp_id(*page.after) : -1;
    if (!page.after)
        return read_messages(db_.query(select_messages("m.channel_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?"),
                                       channel.value, before, page.limit));
    auto messages =
        read_messages(db_.query(select_messages("m.channel_id = ? AND m.id > ? AND m.id < ? ORDER BY m.id LIMIT ?"),
                                channel.value, after, before, page.limit));
    std::reverse(messages.begin(), messages.end());
    return messages;
}

std::vector<raw::Message> Store::all_messages(ChannelId channel) {
    return read_messages(db_.query(select_messages("m.channel_id = ? ORDER BY m.id"), channel.value));
}

void Store::update_message(const raw::Message& message) {
    std::optional<std::int64_t> edited;
    if (message.edited_at) edited = microseconds(*message.edited_at);
    db_.run("UPDATE messages SET content = ?, embeds = ?, edited_at = ?, mls_ciphertext = ? WHERE id = ?",
            message.content, embeds_column(message.embeds), edited, message.mls_ciphertext, message.id.value);
}

void Store::remove_message(MessageId id) { db_.run("DELETE FROM messages WHERE id = ?", id.value); }

}  // namespace intent::sandbox
