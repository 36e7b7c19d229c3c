// Members, roles, invites.
#include "client/api/rest_calls.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <utility>
#include <vector>

namespace intent::inline v0 {

using namespace client;

namespace {

enum class RoleChange { add, remove };

/// Reads the roles of a member, changes them, and sends them all.
task<Member> change_role(client::Context context, ServerId server, UserId user, RoleId role, RoleChange change) {
    if (!role) throw ConfigError("role: 0 is not an id");
    auto reading = one_member(context, server, rest::get_member(server, user));
    Member member = co_await std::move(reading);
    // Of a plain user. Its empty list of roles would replace the member's.
    if (member.joined_at == Timestamp{}) {
        throw DecodeError(
            "GET /servers/{server_id}/members/{user_id}: the server sent a user instead of a member, so "
            "the member's other roles are unknown and would be lost");
    }
    auto roles = member.roles;
    std::erase(roles, role);
    if (change == RoleChange::add) {
        if (roles.size() != member.roles.size()) co_return member;
        roles.push_back(role);
    } else if (roles.size() == member.roles.size()) {
        co_return member;
    }
    auto writing = one_member(context, server, rest::edit_member(server, user, MemberEdit().roles(std::move(roles))));
    co_return co_await std::move(writing);
}

}  // namespace

task<std::vector<Member>> RestClient::get_members(ServerId id) {
    return member_list(context_, id, rest::get_members(id));
}
task<Member> RestClient::get_member(ServerId server, UserId user) {
    return one_member(context_, server, rest::get_member(server, user));
}
task<Member> RestClient::edit_member(ServerId server, UserId user, MemberEdit changes) {
    return one_member(context_, server, rest::edit_member(server, user, changes));
}
task<Member> RestClient::add_member_role(ServerId server, UserId user, RoleId role) {
    return change_role(context_, server, user, role, RoleChange::add);
}
task<Member> RestClient::remove_member_role(ServerId server, UserId user, RoleId role) {
    return change_role(context_, server, user, role, RoleChange::remove);
}
task<> RestClient::remove_member(ServerId server, UserId user) {
    return call_for_nothing(context_, rest::remove_member(server, user));
}

task<std::vector<Role>> RestClient::get_roles(ServerId server) {
    return call_for<std::vector<Role>>(context_, rest::get_roles(server));
}
task<Role> RestClient::create_role(ServerId server, NewRole role) {
    return call_for<Role>(context_, rest::create_role(server, role));
}
task<Role> RestClient::edit_role(ServerId server, RoleId role, RoleEdit changes) {
    return call_for<Role>(context_, rest::edit_role(server, role, changes));
}
task<> RestClient::remove_role(ServerId server, RoleId role) {
    return call_for_nothing(context_, rest::remove_role(server, role));
}

task<std::vector<Invite>> RestClient::get_invites(ServerId server) {
    return call_for<std::vector<Invite>>(context_, rest::get_invites(server));
}
task<Invite> RestClient::create_invite(ServerId server, NewInvite invite) {
    return call_for<Invite>(context_, rest::create_invite(server, invite));
}
task<Invite> RestClient::create_invite(ChannelId channel, NewInvite invite) {
    return call_for<Invite>(context_, rest::create_invite(channel, invite));
}
task<Invite> RestClient::get_invite(std::string code) { return call_for<Invite>(context_, rest::get_invite(code)); }
task<AcceptedInvite> RestClient::accept_invite(std::string code) {
    return call_for<AcceptedInvite>(context_, rest::accept_invite(code));
}
task<> RestClient::remove_invite(std::string code) { return call_for_nothing(context_, rest::remove_invite(code)); }

}  // namespace intent
