// The store's direct message channels and their members.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {

void Store::add_direct_channel(const raw::Channel& channel, const std::vector<UserId>& members) {
    db_.run(
        "INSERT INTO channels (id, server_id, name, type, position, created_at, icon_url, owner_id, mls_initialized) "
        "VALUES (?,NULL,?,?,0,?,?,?,?)",
        channel.id, channel.name, static_cast<int>(channel.type), channel.created_at, channel.icon_url,
        channel.owner_id, channel.mls_initialized);
    for (const UserId member : members)
        add_recipient(channel.id, member);
}

std::vector<raw::Channel> Store::direct_channels() {
    auto channels = db_.query(select_channels("server_id IS NULL ORDER BY id")).all(read_channel);
    for (auto& channel : channels)
        channel.recipients = recipients(channel.id);
    return channels;
}

std::optional<raw::Channel> Store::direct_channel_of(UserId one, UserId other) {
    return db_
        .query(select_channels(
                   "type = 3 AND EXISTS (SELECT 1 FROM recipients WHERE channel_id = channels.id AND user_id = ?) "
                   "AND EXISTS (SELECT 1 FROM recipients WHERE channel_id = channels.id AND user_id = ?) ORDER BY id"),
               one, other)
        .first(read_channel);
}

std::vector<raw::User> Store::recipients(ChannelId channel) {
    return db_
        .query(
            "SELECT u.id, u.username, u.display_name, u.avatar_url, u.created_at FROM recipients AS r "
            "JOIN users AS u ON u.id = r.user_id WHERE r.channel_id = ? ORDER BY u.id",
            channel)
        .all([](const Statement& row) { return read_user(row, 0); });
}

bool Store::is_recipient(ChannelId channel, UserId user) {
    return db_.query("SELECT 1 FROM recipients WHERE channel_id = ? AND user_id = ?", channel, user).step();
}

void Store::add_recipient(ChannelId channel, UserId user) {
    db_.run("INSERT OR IGNORE INTO recipients (channel_id, user_id) VALUES (?,?)", channel, user);
}

void Store::remove_recipient(ChannelId channel, UserId user) {
    db_.run("DELETE FROM recipients WHERE channel_id = ? AND user_id = ?", channel, user);
}

void Store::set_group_owner(ChannelId channel, UserId owner) {
    db_.run("UPDATE channels SET owner_id = ? WHERE id = ?", owner, channel);
}

}  // namespace intent::sandbox
