// The platform's roles.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/store/role_sets.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_roles = 250;

/// The position of a new role: above the others, up to the maximum.
int next_position(const std::vector<raw::Role>& others) {
    return others.empty() ? 1 : std::min(others.back().position, max_role_position - 1) + 1;
}

void apply(raw::Role& role, const RoleFields& fields) {
    if (fields.name) check_length("name", role.name = *fields.name, 1, 100);
    role.permissions = fields.permissions.value_or(role.permissions);
    role.position = fields.position.value_or(role.position);
    role.color = fields.color.value_or(role.color);
    role.hoist = fields.hoist.value_or(role.hoist);
    role.mentionable = fields.mentionable.value_or(role.mentionable);
}

}  // namespace

raw::Role Platform::require_role(ServerId id, RoleId role) {
    auto found = store_.role(role);
    if (!found || found->server_id != id) throw not_found("role " + role.str());
    return std::move(*found);
}

std::vector<raw::Role> Platform::roles(UserId actor, ServerId id) {
    require_member(actor, id);
    return store_.roles_of(id);
}

raw::Role Platform::create_role(UserId actor, ServerId id, RoleFields fields, Timestamp now) {
    const raw::Server server = require(actor, id, Permission::manage_roles);
    const auto others = store_.roles_of(id);
    if (others.size() >= max_roles)
        throw Problem(400, "TOO_MANY_ROLES", name_of(server) + " has 250 roles, the maximum");
    raw::Role role{.id = {},
                   .server_id = id,
                   .name = {},
                   .permissions = everyone_permissions,
                   .position = next_position(others),
                   .created_at = now};
    apply(role, fields);
    role.id = RoleId{ids_.next(now)};
    store_.add_role(role, false);
    return role;
}

raw::Role Platform::edit_role(UserId actor, ServerId id, RoleId role, const RoleFields& fields) {
    require(actor, id, Permission::manage_roles);
    raw::Role changed = require_role(id, role);
    apply(changed, fields);
    store_.update_role(changed);
    if (on_access_change) on_access_change();
    return changed;
}

void Platform::delete_role(UserId actor, ServerId id, RoleId role) {
    require(actor, id, Permission::manage_roles);
    require_role(id, role);
    if (role == everyone_role(id))
        throw forbidden("the role that every member has cannot be deleted; change its permissions instead");
    store_.remove_role(role);
    if (on_access_change) on_access_change();
}

}  // namespace intent::sandbox
