// An invite to a server and its actions.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/invite.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

class AcceptedInvite;

/// An invite code for a server (protocol §8). The actions fail with UsageError if the client no longer exists, and with
/// the errors of the REST call (errors.hpp). Each costs one request; rest.hpp lists the permissions.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Invite : public raw::Invite {
public:
    Invite() = default;
    Invite(raw::Invite invite, ClientRef client) : raw::Invite(std::move(invite)), client_(std::move(client)) {}

    /// Joins the server. AcceptedInvite is defined in <intent/server.hpp>.
    task<AcceptedInvite> accept() const;

    /// Deletes this invite: its code no longer works.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

    /// Compares codes. `raw::Invite` compares every field.
    friend bool operator==(const Invite& a, const Invite& b) noexcept { return a.code == b.code; }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Invite> {
    std::size_t operator()(const intent::Invite& value) const noexcept { return std::hash<std::string>{}(value.code); }
};
