// The store's members.
#include "sandbox/store/role_sets.hpp"
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {
namespace {

constexpr std::string_view member_columns =
    "SELECT u.id, u.username, u.display_name, u.avatar_url, u.created_at, m.server_id, m.nickname, m.joined_at "
    "FROM members AS m JOIN users AS u ON u.id = m.user_id WHERE m.server_id = ?";

raw::Member read_member(const Statement& row) {
    return {.user = read_user(row, 0),
            .server_id = ServerId{row.id(5)},
            .nickname = row.optional_text(6),
            .joined_at = row.time(7)};
}

std::vector<RoleId> read_roles(Database& db, ServerId server, UserId user) {
    std::vector<RoleId> roles{everyone_role(server)};
    auto row = db.query(
        "SELECT r.id FROM member_roles AS m JOIN roles AS r ON r.id = m.role_id "
        "WHERE m.server_id = ? AND m.user_id = ? ORDER BY r.position, r.id",
        server, user);
    while (row.step())
        roles.push_back(RoleId{row.id(0)});
    return roles;
}

std::vector<raw::Member> read_members(Database& db, Statement row) {
    std::vector<raw::Member> members;
    while (row.step()) {
        members.push_back(read_member(row));
        members.back().roles = read_roles(db, members.back().server_id, members.back().user.id);
    }
    return members;
}

/// A LIKE pattern for texts that begin with `start`. Escapes the wildcards `%` and `_`.
std::string begins_with(std::string_view start) {
    std::string pattern;
    for (const char c : start) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

}  // namespace

bool Store::add_member(ServerId server, UserId user, Timestamp joined_at) {
    return db_.run("INSERT OR IGNORE INTO members (server_id, user_id, joined_at) VALUES (?,?,?)", server, user,
                   joined_at) > 0;
}

bool Store::remove_member(ServerId server, UserId user) {
    return db_.run("DELETE FROM members WHERE server_id = ? AND user_id = ?", server, user) > 0;
}

bool Store::is_member(ServerId server, UserId user) {
    return db_.query("SELECT 1 FROM members WHERE server_id = ? AND user_id = ?", server, user).step();
}

std::vector<UserId> Store::members(ServerId server) {
    return db_.query("SELECT user_id FROM members WHERE server_id = ?", server).all(read_id<UserId>);
}

std::vector<UserId> Store::members_with(ServerId server, Permission permission) {
    return db_
        .query(
            "SELECT m.user_id FROM members AS m WHERE m.server_id = ?1 AND ("
            "m.user_id = (SELECT owner_id FROM servers WHERE id = ?1) "
            "OR (SELECT permissions & ?2 FROM roles WHERE id = ?1) != 0 "
            "OR EXISTS (SELECT 1 FROM member_roles AS h JOIN roles AS r ON r.id = h.role_id "
            "WHERE h.server_id = ?1 AND h.user_id = m.user_id AND r.permissions & ?2 != 0))",
            server, Permissions{}.with(permission).bits)
        .all(read_id<UserId>);
}

std::optional<raw::Member> Store::member(ServerId server, UserId user) {
    auto row = db_.query(std::string(member_columns) + " AND m.user_id = ?", server, user);
    if (!row.step()) return std::nullopt;
    raw::Member member = read_member(row);
    member.roles = read_roles(db_, server, user);
    return member;
}

std::vector<raw::Member> Store::member_list(ServerId server) {
    return read_members(db_, db_.query(std::string(member_columns) + " ORDER BY u.username", server));
}

std::vector<raw::Member> Store::find_members(ServerId server, std::string_view start, int limit) {
    const std::string pattern = begins_with(start);
    return read_members(db_, db_.query(std::string(member_columns) +
                                           " AND (u.username LIKE ? ESCAPE '\\' OR u.display_name LIKE ? ESCAPE '\\' "
                                           "OR m.nickname LIKE ? ESCAPE '\\') ORDER BY u.username LIMIT ?",
                                       server, pattern, pattern, pattern, limit));
}

void Store::set_nickname(ServerId server, UserId user, const std::optional<std::string>& nickname) {
    db_.run("UPDATE members SET nickname = ? WHERE server_id = ? AND user_id = ?", nickname, server, user);
}

void Store::set_member_roles(ServerId server, UserId user, const std::vector<RoleId>& roles) {
    db_.run("DELETE FROM member_roles WHERE server_id = ? AND user_id = ?", server, user);
    for (const RoleId role : roles)
        if (role != everyone_role(server)) add_member_role(server, user, role);
}

void Store::add_member_role(ServerId server, UserId user, RoleId role) {
    db_.run("INSERT OR IGNORE INTO member_roles (server_id, user_id, role_id) VALUES (?,?,?)", server, user, role);
}

std::vector<UserId> Store::acquaintances(UserId user) {
    return db_
        .query(
            "SELECT DISTINCT other.user_id FROM members AS own JOIN members AS other ON other.server_id = "
            "own.server_id "
            "WHERE own.user_id = ?1 AND other.user_id != ?1",
            user)
        .all(read_id<UserId>);
}

}  // namespace intent::sandbox
