// Roles of a server, and the permissions that follow from them.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/detail/export.hpp>
#include <intent/permissions.hpp>
#include <intent/raw/member.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>

#include <span>

namespace intent::inline v0 {

/// A role of a server (protocol §8). The actions fail with UsageError if the client no longer exists, with ConfigError
/// for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request; rest.hpp lists
/// the permissions.
class INTENT_API Role : public Structure<raw::Role> {
public:
    using Structure::Structure;

    /// Changes this role and returns the result.
    task<Role> edit(RoleEdit changes) const;

    /// Deletes this role.
    task<> remove() const;
};

/// Computes the permissions of a member in a server or, with the overwrites of a channel, in that channel (protocol
/// §14). `owner` is the server's owner and `roles` are the server's roles; roles that the member does not have are
/// ignored.
///
/// The owner has all permissions. Other members have the union of their roles' permissions; the role with the server's
/// id applies to everyone. Overwrites are then applied in three steps: those of the everyone role, those of all the
/// member's roles together, and those of the member. Each step first removes the denied permissions and then adds the
/// allowed ones, so a permission that one role allows is not denied by another. The protocol does not define the order
/// of overwrites; this one is common.
INTENT_API Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const raw::Role> roles,
                                      std::span<const PermissionOverwrite> overwrites = {});
INTENT_API Permissions permissions_in(UserId owner, const raw::Member& member, std::span<const Role> roles,
                                      std::span<const PermissionOverwrite> overwrites = {});

}  // namespace intent
