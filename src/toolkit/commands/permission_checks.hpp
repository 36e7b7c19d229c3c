// The checks of permissions.
#pragma once

#include <intent/commands.hpp>
#include <intent/permissions.hpp>

namespace intent::toolkit {

/// Refuses members, or the bot itself, that lack one of the permissions in the server.
detail::CommandCheck permission_check(Permissions wanted, bool of_bot);

}  // namespace intent::toolkit
