// A member of a server and their actions.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/client_ref.hpp>
#include <intent/raw/member.hpp>
#include <intent/role.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

/// A member of a server (protocol §8). The actions fail with UsageError if the client no longer exists, with
/// ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request;
/// rest.hpp lists the permissions.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Member : public raw::Member {
public:
    Member() = default;
    Member(raw::Member member, ClientRef client) : raw::Member(std::move(member)), client_(std::move(client)) {}

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

    const ClientRef& client() const noexcept { return client_; }

    /// Compares the ids of user and server. `raw::Member` compares every field.
    friend bool operator==(const Member& a, const Member& b) noexcept {
        return a.server_id == b.server_id && a.user.id == b.user.id;
    }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Member> {
    std::size_t operator()(const intent::Member& value) const noexcept {
        return std::hash<intent::MemberId>{}({value.server_id, value.user.id});
    }
};
