// An invite to a server, with what can be done to it.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/invite.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

class AcceptedInvite;

/// A code that lets people into a server (protocol §8). The actions fail with UsageError when the client is gone, else
/// with what the REST call throws (errors.hpp). Each costs one request.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Invite : public raw::Invite {
public:
    Invite() = default;
    Invite(raw::Invite invite, ClientRef client) : raw::Invite(std::move(invite)), client_(std::move(client)) {}

    /// Enters the server. AcceptedInvite is in <intent/server.hpp>.
    task<AcceptedInvite> accept() const;

    /// Deletes this invite: its code lets nobody in any more.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

    /// The same invite: codes are compared. `raw::Invite` compares every field.
    friend bool operator==(const Invite& a, const Invite& b) noexcept { return a.code == b.code; }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Invite> {
    std::size_t operator()(const intent::Invite& value) const noexcept { return std::hash<std::string>{}(value.code); }
};
