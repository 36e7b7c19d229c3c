// Members, roles, invites.
#include "rest/build.hpp"

#include <utility>

namespace intent::rest {

namespace {

Path members_path(ServerId server) { return std::move(server_path(server).word("members")); }
Path member_path(ServerId server, UserId user) { return std::move(members_path(server).minor("user_id", user)); }
Path roles_path(ServerId server) { return std::move(server_path(server).word("roles")); }
Path role_path(ServerId server, RoleId role) { return std::move(roles_path(server).minor("role_id", role)); }
Path invite_path(std::string_view code) { return std::move(Path().word("invites").text("code", code)); }

}  // namespace

Call get_members(ServerId id) { return members_path(id).call("GET"); }
Call get_member(ServerId server, UserId user) { return member_path(server, user).call("GET"); }

Call edit_member(ServerId server, UserId user, const MemberEdit& changes) {
    return member_path(server, user).call("PATCH", changes_of(changes.get()));
}

Call remove_member(ServerId server, UserId user) { return member_path(server, user).call("DELETE"); }

Call get_roles(ServerId server) { return roles_path(server).call("GET"); }

Call create_role(ServerId server, const NewRole& role) {
    return roles_path(server).call("POST", content_of(role.get()));
}

Call edit_role(ServerId server, RoleId role, const RoleEdit& changes) {
    return role_path(server, role).call("PATCH", changes_of(changes.get()));
}

Call remove_role(ServerId server, RoleId role) { return role_path(server, role).call("DELETE"); }

Call get_invites(ServerId server) { return server_path(server).word("invites").call("GET"); }

Call create_invite(ServerId server, const NewInvite& invite) {
    return server_path(server).word("invites").call("POST", content_of(invite.get()));
}

Call create_invite(ChannelId channel, const NewInvite& invite) {
    Wrong wrong;
    if (invite.get().channel_id) wrong = "channel_id: must not be set; the invite is for the channel in the path";
    return channel_path(channel).word("invites").call("POST", content_of(invite.get(), std::move(wrong)));
}

Call get_invite(std::string_view code) { return invite_path(code).call("GET"); }
Call accept_invite(std::string_view code) { return invite_path(code).call("POST"); }
Call remove_invite(std::string_view code) { return invite_path(code).call("DELETE"); }

}  // namespace intent::rest
