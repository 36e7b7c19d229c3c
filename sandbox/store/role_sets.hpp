// Permissions of the roles that the platform creates itself (protocol §14).
#pragma once

#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>

namespace intent::inline v0::sandbox {

/// For the role that every member has: see, write, hear and speak.
inline constexpr Permissions everyone_permissions = Permissions{}
                                                        .with(Permission::view_channel)
                                                        .with(Permission::send_messages)
                                                        .with(Permission::embed_links)
                                                        .with(Permission::attach_files)
                                                        .with(Permission::read_message_history)
                                                        .with(Permission::connect)
                                                        .with(Permission::speak);

/// For the role that bots get: what bots on typical servers need.
inline constexpr Permissions bots_permissions = everyone_permissions.with(Permission::manage_server)
                                                    .with(Permission::manage_roles)
                                                    .with(Permission::manage_channels)
                                                    .with(Permission::kick_members)
                                                    .with(Permission::manage_webhooks)
                                                    .with(Permission::manage_messages);

/// The role that every member has. Its id equals the server's id.
inline RoleId everyone_role(ServerId server) { return RoleId{server.value}; }

}  // namespace intent::sandbox
