// The store's roles.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {
namespace {

raw::Role read_role(const Statement& row) {
    return {.id = RoleId{row.id(0)},
            .server_id = ServerId{row.id(1)},
            .name = row.text(2),
            .permissions = Permissions{row.id(3)},
            .position = row.small(4),
            .color = static_cast<std::uint32_t>(row.integer(5)),
            .hoist = row.boolean(6),
            .mentionable = row.boolean(7),
            .created_at = row.time(8)};
}

std::string select_roles(std::string_view condition) {
    return std::string(
               "SELECT id, server_id, name, permissions, position, color, hoist, mentionable, created_at FROM roles "
               "WHERE ")
        .append(condition);
}

}  // namespace

void Store::add_role(const raw::Role& role, bool for_bots) {
    db_.run(
        "INSERT INTO roles (id, server_id, name, permissions, position, color, hoist, mentionable, for_bots, "
        "created_at) VALUES (?,?,?,?,?,?,?,?,?,?)",
        role.id, role.server_id, role.name, role.permissions.bits, role.position, static_cast<std::int64_t>(role.color),
        role.hoist, role.mentionable, for_bots, role.created_at);
}

std::optional<raw::Role> Store::role(RoleId id) { return db_.query(select_roles("id = ?"), id).first(read_role); }

std::vector<raw::Role> Store::roles_of(ServerId server) {
    return db_.query(select_roles("server_id = ? ORDER BY position, id"), server).all(read_role);
}

std::optional<RoleId> Store::bots_role(ServerId server) {
    return db_.query("SELECT id FROM roles WHERE server_id = ? AND for_bots = 1", server).first(read_id<RoleId>);
}

void Store::update_role(const raw::Role& role) {
    db_.run(
        "UPDATE roles SET name = ?, permissions = ?, position = ?, color = ?, hoist = ?, mentionable = ? WHERE id = ?",
        role.name, role.permissions.bits, role.position, static_cast<std::int64_t>(role.color), role.hoist,
        role.mentionable, role.id);
}

void Store::remove_role(RoleId id) { db_.run("DELETE FROM roles WHERE id = ?", id); }

Permissions Store::permissions(ServerId server, UserId user) {
    auto row = db_.query(
        "SELECT r.permissions FROM roles AS r WHERE r.server_id = ?1 "
        "AND EXISTS (SELECT 1 FROM members WHERE server_id = ?1 AND user_id = ?2) "
        "AND (r.id = ?1 OR EXISTS (SELECT 1 FROM member_roles WHERE server_id = ?1 AND user_id = ?2 AND role_id = "
        "r.id))",
        server, user);
    Permissions all;
    while (row.step())
        all = all.with(Permissions{row.id(0)});
    return all;
}

}  // namespace intent::sandbox
