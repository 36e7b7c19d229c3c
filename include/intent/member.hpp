// A member of a server and their actions.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/raw/member.hpp>
#include <intent/role.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>

namespace intent {

/// A member of a server (protocol §8). The actions fail with UsageError if the client no longer exists, with
/// ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request;
/// rest.hpp lists the permissions.
class Member : public Structure<raw::Member> {
public:
    using Structure::Structure;

    /// The name to show: the nickname, or the display name if there is no nickname.
    const std::string& shown_name() const noexcept { return nickname ? *nickname : user.display_name; }

    task<Member> edit(MemberEdit changes) const;

    /// Removes the user from the server. They can come back with an invite.
    task<> kick() const;

    /// Adds a role to the roles of this object and sends the complete list, because the platform accepts only the
    /// complete list. Role changes that others made since this object was fetched are lost.
    task<Member> add_role(RoleId role) const;

    /// Removes a role; see `add_role`.
    task<Member> remove_role(RoleId role) const;
};

}  // namespace intent
