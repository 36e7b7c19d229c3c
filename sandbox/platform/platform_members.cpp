// The platform's members: joining, leaving, nicknames and roles.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"
#include "sandbox/store/role_sets.hpp"

#include <intent/raw/member_events.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {

void Platform::join(ServerId id, const Account& account, Timestamp now) {
    store_.add_member(id, account.user.id, now);
    if (!account.is_bot) return;
    auto role = store_.bots_role(id);
    if (!role) {
        role = RoleId{ids_.next(now)};
        const int position = static_cast<int>(store_.roles_of(id).size());
        store_.add_role({.id = *role,
                         .server_id = id,
                         .name = "bots",
                         .permissions = bots_permissions,
                         .position = position,
                         .created_at = now},
                        true);
    }
    store_.add_member_role(id, account.user.id, *role);
}

void Platform::announce_join(ServerId id, UserId user) {
    announce("SERVER_CREATE", "server", *store_.server(id), {user});
    raw::MemberAdd joined;
    static_cast<raw::Member&>(joined) = *store_.member(id, user);
    auto others = store_.members(id);
    std::erase(others, user);
    announce("MEMBER_ADD", "", joined, std::move(others));
}

void Platform::add_member(ServerId id, UserId user, Timestamp now) {
    if (!store_.server(id)) throw not_found("server " + id.str());
    const auto account = store_.account(user);
    if (!account) throw not_found("user " + user.str());
    if (store_.is_member(id, user)) return;
    Transaction transaction(store_.database());
    join(id, *account, now);
    transaction.commit();
    announce_join(id, user);
}

void Platform::part(ServerId id, UserId user) {
    store_.remove_member(id, user);
    announce("SERVER_DELETE", "", raw::ServerDelete{.server_id = id}, {user});
    announce("MEMBER_REMOVE", "", raw::MemberRemove{.server_id = id, .user_id = user}, store_.members(id));
    if (on_access_change) on_access_change();
}

raw::Member Platform::require_other_member(ServerId id, UserId user) {
    auto member = store_.member(id, user);
    if (!member)
        throw Problem(404, "NOT_FOUND", "user " + user.str() + " is not a member of " + name_of(*store_.server(id)));
    return std::move(*member);
}

std::vector<raw::Member> Platform::members(UserId actor, ServerId id) {
    require_member(actor, id);
    return store_.member_list(id);
}

raw::Member Platform::member(UserId actor, ServerId id, UserId user) {
    require_member(actor, id);
    return require_other_member(id, user);
}

raw::Member Platform::edit_member(UserId actor, ServerId id, UserId user, const MemberChange& change) {
    require_member(actor, id);
    require_other_member(id, user);
    if (!change.nickname && !change.roles) throw invalid("nickname", "nothing to change: give nickname, roles or both");
    if (change.nickname) {
        if (actor != user) require(actor, id, Permission::manage_server);
        if (*change.nickname) check_length("nickname", **change.nickname, 1, 32);
    }
    if (change.roles) {
        require(actor, id, Permission::manage_roles);
        for (std::size_t i = 0; i < change.roles->size(); ++i) {
            const auto role = store_.role((*change.roles)[i]);
            if (!role || role->server_id != id)
                throw invalid("roles[" + std::to_string(i) + "]",
                              (*change.roles)[i].str() + " is not a role of this server");
        }
    }
    Transaction transaction(store_.database());
    if (change.nickname) store_.set_nickname(id, user, *change.nickname);
    if (change.roles) store_.set_member_roles(id, user, *change.roles);
    transaction.commit();
    if (change.roles && on_access_change) on_access_change();
    return *store_.member(id, user);
}

void Platform::kick_member(UserId actor, ServerId id, UserId user) {
    const raw::Server server = require(actor, id, Permission::kick_members);
    const raw::Member member = require_other_member(id, user);
    if (server.owner_id == user)
        throw forbidden(member.user.username + " owns " + name_of(server) + " and cannot be removed from it");
    part(id, user);
}

}  // namespace intent::sandbox
