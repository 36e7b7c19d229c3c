#include <intent/role.hpp>

#include <algorithm>

namespace intent::inline v0 {

namespace {

/// True if the role applies to the member.
bool counts(const raw::Member& member, RoleId role) {
    return role.value == member.server_id.value || std::ranges::find(member.roles, role) != member.roles.end();
}

/// Applies the overwrites that `chosen` selects, all at once.
template <class Chosen>
Permissions apply(Permissions set, std::span<const PermissionOverwrite> overwrites, Chosen chosen) {
    Permissions allow, deny;
    for (const auto& one : overwrites) {
        if (!chosen(one)) continue;
        allow = allow.with(one.allow);
        deny = deny.with(one.deny);
    }
    return set.without(deny).with(allow);
}

template <class AnyRole>
Permissions resolve(UserId owner, const raw::Member& member, std::span<const AnyRole> roles,
                    std::span<const PermissionOverwrite> overwrites) {
    if (owner && member.user.id == owner) return Permissions::all();
    Permissions set;
    for (const auto& role : roles) {
        if (counts(member, role.id)) set = set.with(role.permissions);
    }
    const RoleId everybody{member.server_id.value};
    set = apply(set, overwrites, [&](const auto& one) { return one.role && one.role == everybody; });
    set = apply(set, overwrites,
                [&](const auto& one) { return one.role && one.role != everybody && counts(member, one.role); });
    return apply(set, overwrites, [&](const auto& one) { return one.member && one.member == member.user.id; });
}

}  // namespace

Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const raw::Role> roles,
                           std::span<const PermissionOverwrite> overwrites) {
    return resolve(owner, member, roles, overwrites);
}

Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const Role> roles,
                           std::span<const PermissionOverwrite> overwrites) {
    return resolve(owner, member, roles, overwrites);
}

}  // namespace intent
