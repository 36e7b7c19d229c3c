// An invite to a server and its actions.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/raw/invite.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>

namespace intent::inline v0 {

class AcceptedInvite;

/// An invite code for a server (protocol §8). The actions fail with UsageError if the client no longer exists, and with
/// the errors of the REST call (errors.hpp). Each costs one request; rest.hpp lists the permissions.
class INTENT_API Invite : public Structure<raw::Invite> {
public:
    using Structure::Structure;

    /// Joins the server. AcceptedInvite is defined in <intent/server.hpp>.
    task<AcceptedInvite> accept() const;

    /// Deletes this invite: its code no longer works.
    task<> remove() const;
};

}  // namespace intent
