// A user in a server, and the roles that users have there.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/member.hpp>

#include <utility>

namespace intent {

/// A member of a server (protocol §8).
///
/// Distinct objects: safe. Shared objects: unsafe.
class Member : public raw::Member {
public:
    Member() = default;
    Member(raw::Member member, ClientRef client) : raw::Member(std::move(member)), client_(std::move(client)) {}

    /// The name to show: nickname, else display name.
    const std::string& shown_name() const noexcept { return nickname ? *nickname : user.display_name; }

    const ClientRef& client() const noexcept { return client_; }

private:
    ClientRef client_ = {};
};

/// A role of a server (protocol §8).
///
/// Distinct objects: safe. Shared objects: unsafe.
class Role : public raw::Role {
public:
    Role() = default;
    Role(raw::Role role, ClientRef client) : raw::Role(std::move(role)), client_(std::move(client)) {}

    const ClientRef& client() const noexcept { return client_; }

private:
    ClientRef client_ = {};
};

}  // namespace intent
