// The store's invites.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::sandbox {
namespace {

raw::Invite read_invite(const Statement& row) {
    raw::Invite invite{.code = row.text(0),
                       .server_id = ServerId{row.id(1)},
                       .inviter = {.id = UserId{row.id(3)}, .username = row.text(4)},
                       .uses = static_cast<int>(row.integer(6)),
                       .max_age_seconds = row.optional_integer(7),
                       .created_at = timestamp(row.integer(8))};
    if (!row.is_null(2)) invite.channel_id = ChannelId{row.id(2)};
    if (const auto max_uses = row.optional_integer(5)) invite.max_uses = static_cast<int>(*max_uses);
    if (const auto end = row.optional_integer(9)) invite.expires_at = timestamp(*end);
    return invite;
}

}  // namespace

void Store::add_invite(const raw::Invite& invite) {
    std::optional<std::uint64_t> channel;
    if (invite.channel_id) channel = invite.channel_id->value;
    std::optional<std::int64_t> end;
    if (invite.expires_at) end = microseconds(*invite.expires_at);
    db_.run(
        "INSERT INTO invites (code, server_id, channel_id, inviter_id, max_uses, uses, max_age_seconds, created_at, "
        "expires_at) VALUES (?,?,?,?,?,?,?,?,?)",
        invite.code, invite.server_id.value, channel, invite.inviter.id.value, invite.max_uses, invite.uses,
        invite.max_age_seconds, microseconds(invite.created_at), end);
}

std::optional<raw::Invite> Store::invite(std::string_view code) {
    auto row = db_.query(
        "SELECT i.code, i.server_id, i.channel_id, u.id, u.username, i.max_uses, i.uses, i.max_age_seconds, "
        "i.created_at, i.expires_at FROM invites AS i JOIN users AS u ON u.id = i.inviter_id WHERE i.code = ?",
        code);
    if (!row.step()) return std::nullopt;
    return read_invite(row);
}

std::vector<raw::Invite> Store::invites_of(ServerId server) {
    auto row = db_.query(
        "SELECT i.code, i.server_id, i.channel_id, u.id, u.username, i.max_uses, i.uses, i.max_age_seconds, "
        "i.created_at, i.expires_at FROM invites AS i JOIN users AS u ON u.id = i.inviter_id WHERE i.server_id = ? "
        "ORDER BY i.created_at, i.code",
        server.value);
    std::vector<raw::Invite> invites;
    while (row.step())
        invites.push_back(read_invite(row));
    return invites;
}

void Store::count_invite_use(std::string_view code) {
    db_.run("UPDATE invites SET uses = uses + 1 WHERE code = ?", code);
}

void Store::remove_invite(std::string_view code) { db_.run("DELETE FROM invites WHERE code = ?", code); }

}  // namespace intent::sandbox
