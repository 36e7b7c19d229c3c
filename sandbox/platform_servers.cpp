// The platform's servers and their members.
#include "sandbox/platform_announce.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/text.hpp"

namespace intent::sandbox {
namespace {

void check_server_name(const std::string& name) { check_length("name", name, 2, 100); }

void check_description(const std::optional<std::string>& description) {
    if (description) check_length("description", *description, 0, 500);
}

}  // namespace

raw::Server Platform::require_member(UserId actor, ServerId id) {
    auto server = store_.server(id);
    if (!server) throw not_found("server " + id.str());
    if (!store_.is_member(id, actor)) throw forbidden("you are not a member of server " + id.str());
    return std::move(*server);
}

raw::Server Platform::require_manager(UserId actor, ServerId id, std::string_view what) {
    raw::Server server = require_member(actor, id);
    const auto account = store_.account(actor);
    if (server.owner_id != actor && !(account && account->is_bot))
        throw forbidden("only the owner and bots of server " + id.str() + " may " + std::string(what));
    return server;
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
    store_.add_member(id, actor, now);
    transaction.commit();
    raw::Server made = *store_.server(id);
    announce("SERVER_CREATE", "server", made, {actor});
    return made;
}

raw::Server Platform::edit_server(UserId actor, ServerId id, const ServerChange& change) {
    raw::Server server = require_manager(actor, id, "edit it");
    if (change.name) check_server_name(server.name = *change.name);
    if (change.description) check_description(server.description = *change.description);
    store_.update_server(server);
    announce("SERVER_UPDATE", "server", server, store_.members(id));
    return server;
}

void Platform::delete_server(UserId actor, ServerId id) {
    const raw::Server server = require_member(actor, id);
    if (server.owner_id != actor) throw forbidden("only the owner of server " + id.str() + " may delete it");
    if (id == server_) throw forbidden("the server that the sandbox came with stays");
    const auto audience = store_.members(id);
    store_.remove_server(id);
    announce("SERVER_DELETE", "", raw::ServerDelete{.server_id = id}, audience);
}

void Platform::leave_server(UserId actor, ServerId id) {
    const raw::Server server = require_member(actor, id);
    if (server.owner_id == actor)
        throw forbidden("the owner of server " + id.str() + " cannot leave it, only delete it");
    store_.remove_member(id, actor);
    announce("SERVER_DELETE", "", raw::ServerDelete{.server_id = id}, {actor});
    const auto data = MapPacker{}.add_text("server_id", id.str()).add_text("user_id", actor.str()).finish();
    emit_(Event{.name = "MEMBER_REMOVE", .data = data, .audience = store_.members(id)});
}

void Platform::add_member(ServerId id, UserId user, Timestamp now) {
    if (!store_.server(id)) throw not_found("server " + id.str());
    const raw::User who = this->user(user);
    const auto others = store_.members(id);
    if (!store_.add_member(id, user, now)) return;
    announce("SERVER_CREATE", "server", *store_.server(id), {user});
    const auto data = MapPacker{}
                          .add_text("server_id", id.str())
                          .add("user", codec::to_msgpack(who))
                          .add_text("joined_at", format_timestamp(now))
                          .finish();
    emit_(Event{.name = "MEMBER_ADD", .data = data, .audience = others});
}

}  // namespace intent::sandbox
