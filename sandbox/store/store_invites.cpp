// The store's invites.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {
namespace {

raw::Invite read_invite(const Statement& row) {
    return {.code = row.text(0),
            .server_id = ServerId{row.id(1)},
            .channel_id = row.optional_id<ChannelId>(2),
            .inviter = {.id = UserId{row.id(3)}, .username = row.text(4)},
            .max_uses = row.optional_small(5),
            .uses = row.small(6),
            .max_age_seconds = row.optional_integer(7),
            .created_at = row.time(8),
            .expires_at = row.optional_time(9)};
}

std::string select_invites(std::string_view rest) {
    return std::string(
               "SELECT i.code, i.server_id, i.channel_id, u.id, u.username, i.max_uses, i.uses, i.max_age_seconds, "
               "i.created_at, i.expires_at FROM invites AS i JOIN users AS u ON u.id = i.inviter_id WHERE ")
        .append(rest);
}

}  // namespace

void Store::add_invite(const raw::Invite& invite) {
    db_.run(
        "INSERT INTO invites (code, server_id, channel_id, inviter_id, max_uses, uses, max_age_seconds, created_at, "
        "expires_at) VALUES (?,?,?,?,?,?,?,?,?)",
        invite.code, invite.server_id, invite.channel_id, invite.inviter.id, invite.max_uses, invite.uses,
        invite.max_age_seconds, invite.created_at, invite.expires_at);
}

std::optional<raw::Invite> Store::invite(std::string_view code) {
    return db_.query(select_invites("i.code = ?"), code).first(read_invite);
}

std::vector<raw::Invite> Store::invites_of(ServerId server) {
    return db_.query(select_invites("i.server_id = ? ORDER BY i.created_at, i.code"), server).all(read_invite);
}

void Store::count_invite_use(std::string_view code) {
    db_.run("UPDATE invites SET uses = uses + 1 WHERE code = ?", code);
}

void Store::remove_invite(std::string_view code) { db_.run("DELETE FROM invites WHERE code = ?", code); }

}  // namespace intent::sandbox
