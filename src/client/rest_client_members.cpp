// Members, roles, invites.
#include "client/rest_calls.hpp"

#include <intent/rest.hpp>

#include <utility>

namespace intent {

namespace {

using client::call_for_list;
using client::call_for_nothing;
using client::call_for_one;
using client::Core;

/// The member that a plain user stands for (protocol §9).
raw::Member member_of(ServerId server, raw::User user) {
    raw::Member member;
    member.user = std::move(user);
    member.server_id = server;
    return member;
}

/// A member as the server told of it: the caches may take it. One that names no server is of the one asked.
raw::Member seen(detail::RestCore& core, const client::UnderWay& call, ServerId server, raw::Member member) {
    if (!member.server_id) member.server_id = server;
    core.saw(member, call.mark());
    return member;
}

task<std::vector<Member>> call_for_members(Core core, ServerId server, rest::Call call) {
    const client::UnderWay under_way(core->freshness());
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    std::vector<Member> list;
    if (auto members = codec::from_json_list<raw::Member>(answer.body, "members")) {
        for (auto& member : *members)
            list.emplace_back(seen(*core, under_way, server, std::move(member)), ClientRef(core));
        co_return list;
    }
    auto users = codec::from_json_list<raw::User>(answer.body, "members");
    if (!users) client::unreadable(core, call, answer, users.failure());
    for (auto& user : *users)
        list.emplace_back(member_of(server, std::move(user)), ClientRef(core));
    co_return list;
}

task<Member> call_for_member(Core core, ServerId server, rest::Call call) {
    const client::UnderWay under_way(core->freshness());
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto member = codec::from_json_wrapped<raw::Member>(answer.body, "member");
    if (member) co_return Member(seen(*core, under_way, server, *std::move(member)), ClientRef(core));
    auto user = codec::from_json_wrapped<raw::User>(answer.body, "member");
    if (!user) client::unreadable(core, call, answer, member.failure());
    co_return Member(member_of(server, *std::move(user)), ClientRef(core));
}

task<Role> one_role(const Core& core, rest::Call call) {
    return call_for_one<Role, raw::Role>(core, std::move(call), "role");
}
task<Invite> one_invite(const Core& core, rest::Call call) {
    return call_for_one<Invite, raw::Invite>(core, std::move(call), "invite");
}

}  // namespace

task<std::vector<Member>> RestClient::get_members(ServerId id) {
    return call_for_members(core_, id, rest::get_members(id));
}
task<Member> RestClient::get_member(ServerId server, UserId user) {
    return call_for_member(core_, server, rest::get_member(server, user));
}
task<Member> RestClient::edit_member(ServerId server, UserId user, MemberEdit changes) {
    return call_for_member(core_, server, rest::edit_member(server, user, changes));
}
task<> RestClient::remove_member(ServerId server, UserId user) {
    return call_for_nothing(core_, rest::remove_member(server, user));
}

task<std::vector<Role>> RestClient::get_roles(ServerId server) {
    return call_for_list<Role, raw::Role>(core_, rest::get_roles(server), "roles");
}
task<Role> RestClient::create_role(ServerId server, NewRole role) {
    return one_role(core_, rest::create_role(server, role));
}
task<Role> RestClient::edit_role(ServerId server, RoleId role, RoleEdit changes) {
    return one_role(core_, rest::edit_role(server, role, changes));
}
task<> RestClient::delete_role(ServerId server, RoleId role) {
    return call_for_nothing(core_, rest::delete_role(server, role));
}

task<std::vector<Invite>> RestClient::get_invites(ServerId server) {
    return call_for_list<Invite, raw::Invite>(core_, rest::get_invites(server), "invites");
}
task<Invite> RestClient::create_invite(ServerId server, NewInvite invite) {
    return one_invite(core_, rest::create_invite(server, invite));
}
task<Invite> RestClient::create_invite(ChannelId channel, NewInvite invite) {
    return one_invite(core_, rest::create_invite(channel, invite));
}
task<Invite> RestClient::get_invite(std::string code) { return one_invite(core_, rest::get_invite(code)); }
task<AcceptedInvite> RestClient::accept_invite(std::string code) {
    return call_for_one<AcceptedInvite, raw::AcceptedInvite>(core_, rest::accept_invite(code), "");
}
task<> RestClient::delete_invite(std::string code) { return call_for_nothing(core_, rest::delete_invite(code)); }

}  // namespace intent
