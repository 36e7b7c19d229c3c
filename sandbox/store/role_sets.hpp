// What roles that the platform makes by itself allow (protocol §14).
#pragma once

#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>

namespace intent::sandbox {

/// Of the role that every member has: to see, to write, to hear and to speak.
inline constexpr Permissions everyone_permissions = Permissions{}
                                                        .with(Permission::view_channel)
                                                        .with(Permission::send_messages)
                                                        .with(Permission::embed_links)
                                                        .with(Permission::attach_files)
                                                        .with(Permission::read_message_history)
                                                        .with(Permission::connect)
                                                        .with(Permission::speak);

/// Of the role that bots get: what the bots of most servers are there for.
inline constexpr Permissions bots_permissions = everyone_permissions.with(Permission::manage_server)
                                                    .with(Permission::manage_roles)
                                                    .with(Permission::manage_channels)
                                                    .with(Permission::kick_members)
                                                    .with(Permission::manage_webhooks)
                                                    .with(Permission::manage_messages);

/// The role that every member has bears the id of its server.
inline RoleId everyone_role(ServerId server) { return RoleId{server.value}; }

}  // namespace intent::sandbox
