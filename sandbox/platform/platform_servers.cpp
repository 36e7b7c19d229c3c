// The platform's servers and their members.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"
#include "sandbox/store/role_sets.hpp"

namespace intent::inline v0::sandbox {
namespace {

void check_server_name(const std::string& name) { check_length("name", name, 2, 100); }

void check_description(const std::optional<std::string>& description) {
    if (description) check_length("description", *description, 0, 500);
}

}  // namespace

std::string Platform::name_of(UserId id) {
    const auto account = store_.account(id);
    return account ? account->user.username : "user " + id.str();
}

std::string Platform::name_of(const raw::Server& server) const { return "server \"" + server.name + "\""; }

raw::Server Platform::require_member(UserId actor, ServerId id) {
    auto server = store_.server(id);
    if (!server) throw not_found("server " + id.str());
    if (!store_.is_member(id, actor)) throw no_member(name_of(actor), name_of(*server));
    return std::move(*server);
}

raw::Server Platform::require(UserId actor, ServerId id, Permission permission) {
    raw::Server server = require_member(actor, id);
    if (!permissions(id, actor).has(permission))
        throw lacks(name_of(actor), intent::name_of(permission), name_of(server));
    return server;
}

Permissions Platform::permissions(ServerId id, UserId user) {
    const auto server = store_.server(id);
    if (server && server->owner_id == user) return Permissions::all();
    return store_.permissions(id, user);
}

std::vector<raw::IceServer> Platform::ice_servers(UserId actor, ServerId id, Timestamp now) {
    require_member(actor, id);
    return ice_.for_user(actor, now);
}

std::vector<raw::Server> Platform::servers(UserId actor) { return store_.servers_of(actor); }

raw::Server Platform::server(UserId actor, ServerId id) { return require_member(actor, id); }

raw::Server Platform::create_server(UserId actor, NewServer server, Timestamp now) {
    check_server_name(server.name);
    check_description(server.description);
    const ServerId id{ids_.next(now)};
    Transaction transaction(store_.database());
    store_.add_server({.id = id,
                       .name = std::move(server.name),
                       .owner_id = actor,
                       .description = std::move(server.description),
                       .created_at = now});
    store_.add_role({.id = everyone_role(id),
                     .server_id = id,
                     .name = "everyone",
                     .permissions = everyone_permissions,
                     .created_at = now},
                    false);
    store_.add_member(id, actor, now);
    transaction.commit();
    raw::Server made = *store_.server(id);
    announce("SERVER_CREATE", "server", made, {actor});
    return made;
}

raw::Server Platform::edit_server(UserId actor, ServerId id, const ServerChange& change) {
    raw::Server server = require(actor, id, Permission::manage_server);
    if (change.name) check_server_name(server.name = *change.name);
    if (change.description) check_description(server.description = *change.description);
    store_.update_server(server);
    announce("SERVER_UPDATE", "server", server, store_.members(id));
    return server;
}

void Platform::delete_server(UserId actor, ServerId id) {
    const raw::Server server = require_member(actor, id);
    if (server.owner_id != actor)
        throw forbidden(name_of(actor) + " does not own " + name_of(server) + ": only its owner may delete it");
    if (id == server_) throw forbidden(name_of(server) + " is part of the sandbox and cannot be deleted");
    const auto audience = store_.members(id);
    store_.remove_server(id);
    announce("SERVER_DELETE", "", raw::ServerDelete{.server_id = id}, audience);
    if (on_access_change) on_access_change();
}

void Platform::leave_server(UserId actor, ServerId id) {
    const raw::Server server = require_member(actor, id);
    if (server.owner_id == actor)
        throw forbidden(name_of(actor) + " owns " + name_of(server) + " and cannot leave it, only delete it");
    part(id, actor);
}

}  // namespace intent::sandbox
