// A role of a server, and what roles let a member do.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/client_ref.hpp>
#include <intent/permissions.hpp>
#include <intent/raw/member.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace intent {

/// A role of a server (protocol §8). The actions fail with UsageError when the client is gone, with ConfigError when an
/// argument is not acceptable, else with what the REST call throws (errors.hpp). Each costs one request.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Role : public raw::Role {
public:
    Role() = default;
    Role(raw::Role role, ClientRef client) : raw::Role(std::move(role)), client_(std::move(client)) {}

    task<Role> edit(RoleEdit changes) const;

    /// Deletes this role.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

    /// The same role: ids are compared. `raw::Role` compares every field.
    friend bool operator==(const Role& a, const Role& b) noexcept { return a.id == b.id; }

private:
    ClientRef client_ = {};
};

/// What a member may do in a server and, with the overwrites of one of its channels, in that channel (protocol §14).
/// `owner` is the server's owner, `roles` the server's roles; those that the member does not have do not matter.
///
/// The rule: the owner has all. Others have what any of their roles gives; a role whose id is the server's counts for
/// everybody. Then come the overwrites, in three steps, each of which first takes what it denies and then gives what it
/// allows: that of the role for everybody; those of the member's roles, all at once, so that what one role allows no
/// other denies; that of the member. The protocol leaves the order of overwrites open; this one is the widespread one.
Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const raw::Role> roles,
                           std::span<const PermissionOverwrite> overwrites = {});
Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const Role> roles,
                           std::span<const PermissionOverwrite> overwrites = {});

}  // namespace intent

template <>
struct std::hash<intent::Role> {
    std::size_t operator()(const intent::Role& value) const noexcept { return std::hash<intent::RoleId>{}(value.id); }
};
