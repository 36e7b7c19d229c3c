// A member of a server and their actions.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/detail/export.hpp>
#include <intent/raw/member.hpp>
#include <intent/role.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>
#include <intent/user.hpp>

namespace intent::inline v0 {

/// A member of a server (protocol §8). The actions fail with UsageError if the client no longer exists, with
/// ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request,
/// unless stated otherwise; rest.hpp lists the permissions.
class INTENT_API Member : public Structure<raw::Member> {
public:
    using Structure::Structure;

    /// The name to show: the nickname, or the display name if there is no nickname.
    const std::string& shown_name() const noexcept { return nickname ? *nickname : user.display_name; }

    /// The user, as a User that can act. `user` itself is plain data.
    User as_user() const;

    /// Changes this member and returns the result.
    task<Member> edit(MemberEdit changes) const;

    /// Removes the user from the server. They can come back with an invite.
    task<> kick() const;

    /// As `RestClient::add_member_role`: the roles of this object are not used, so it may be out of date. Cost: 2
    /// requests, or 1 if nothing changes.
    task<Member> add_role(RoleId role) const;
    /// As `RestClient::remove_member_role`. Cost: as `add_role`.
    task<Member> remove_role(RoleId role) const;
};

}  // namespace intent
