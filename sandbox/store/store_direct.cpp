// The store's direct message channels and their members.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::sandbox {
namespace {

std::vector<raw::Channel> read_channels(Statement row) {
    std::vector<raw::Channel> channels;
    while (row.step())
        channels.push_back(read_channel(row));
    return channels;
}

}  // namespace

void Store::add_direct_channel(const raw::Channel& channel, const std::vector<UserId>& members) {
    std::optional<std::uint64_t> owner;
    if (channel.owner_id) owner = channel.owner_id->value;
    db_.run(
        "INSERT INTO channels (id, server_id, name, type, position, created_at, icon_url, owner_id, mls_initialized) "
        "VALUES (?,NULL,?,?,0,?,?,?,?)",
        channel.id.value, channel.name, static_cast<int>(channel.type), microseconds(*channel.created_at),
        channel.icon_url, owner, channel.mls_initialized ? 1 : 0);
    for (const UserId member : members)
        add_recipient(channel.id, member);
}

std::vector<raw::Channel> Store::direct_channels() {
    auto channels = read_channels(db_.query(select_channels("server_id IS NULL ORDER BY id")));
    for (auto& channel : channels)
        channel.recipients = recipients(channel.id);
    return channels;
}

std::optional<raw::Channel> Store::direct_channel_of(UserId one, UserId other) {
    auto row = db_.query(select_channels("type = 3 AND EXISTS (SELECT 1 FROM recipients WHERE channel_id = channels.id "
                                         "AND user_id = ?) AND EXISTS (SELECT 1 FROM recipients WHERE channel_id = "
                                         "channels.id AND user_id = ?) ORDER BY id"),
                         one.value, other.value);
    if (!row.step()) return std::nullopt;
    return read_channel(row);
}

std::vector<raw::User> Store::recipients(ChannelId channel) {
    auto row = db_.query(
        "SELECT u.id, u.username, u.display_name, u.avatar_url, u.created_at FROM recipients AS r "
        "JOIN users AS u ON u.id = r.user_id WHERE r.channel_id = ? ORDER BY u.id",
        channel.value);
    std::vector<raw::User> users;
    while (row.step()) {
        users.push_back(read_user(row, 0));
        users.back().created_at = timestamp(row.integer(4));
    }
    return users;
}

bool Store::is_recipient(ChannelId channel, UserId user) {
    return db_.query("SELECT 1 FROM recipients WHERE channel_id = ? AND user_id = ?", channel.value, user.value).step();
}

void Store::add_recipient(ChannelId channel, UserId user) {
    db_.run("INSERT OR IGNORE INTO recipients (channel_id, user_id) VALUES (?,?)", channel.value, user.value);
}

void Store::remove_recipient(ChannelId channel, UserId user) {
    db_.run("DELETE FROM recipients WHERE channel_id = ? AND user_id = ?", channel.value, user.value);
}

void Store::set_group_owner(ChannelId channel, UserId owner) {
    db_.run("UPDATE channels SET owner_id = ? WHERE id = ?", owner.value, channel.value);
}

}  // namespace intent::sandbox
