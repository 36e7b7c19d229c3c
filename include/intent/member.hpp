// A user in a server, with what can be done to them.
#pragma once

#include <intent/bodies/member.hpp>
#include <intent/client_ref.hpp>
#include <intent/raw/member.hpp>
#include <intent/role.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

/// A member of a server (protocol §8). The actions fail with UsageError when the client is gone, with ConfigError when
/// an argument is not acceptable, else with what the REST call throws (errors.hpp). Each costs one request.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Member : public raw::Member {
public:
    Member() = default;
    Member(raw::Member member, ClientRef client) : raw::Member(std::move(member)), client_(std::move(client)) {}

    /// The name to show: nickname, else display name.
    const std::string& shown_name() const noexcept { return nickname ? *nickname : user.display_name; }

    task<Member> edit(MemberEdit changes) const;

    /// Takes the user out of the server. They may come back by an invite.
    task<> kick() const;

    /// Gives the member a role besides those that this object knows of. The platform only takes the whole list, so what
    /// somebody else has changed of it since this object was made is undone.
    task<Member> add_role(RoleId role) const;

    /// Takes a role away; see `add_role`.
    task<Member> remove_role(RoleId role) const;

    const ClientRef& client() const noexcept { return client_; }

    /// The same user in the same server: ids are compared. `raw::Member` compares every field.
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
