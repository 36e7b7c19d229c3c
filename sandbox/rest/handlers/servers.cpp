// Handlers of servers.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {

ApiReply Handlers::list_servers(const Call& call) { return list("servers", platform_.servers(call.actor())); }

ApiReply Handlers::create_server(const Call& call) {
    const Fields fields = call.fields();
    fields.text("icon");  // accepted and dropped: the sandbox hosts no files
    NewServer server{.name = fields.required_text("name"), .description = fields.text("description")};
    return object_reply(201, platform_.create_server(call.actor(), std::move(server), call.now()));
}

ApiReply Handlers::get_server(const Call& call) {
    return object_reply(200, platform_.server(call.actor(), call.server()));
}

ApiReply Handlers::edit_server(const Call& call) {
    const Fields fields = call.fields();
    const ServerChange change{.name = fields.text("name"), .description = fields.nullable_text("description")};
    if (!change.name && !change.description) throw invalid("name", "nothing to change: give name, description or both");
    return object_reply(200, platform_.edit_server(call.actor(), call.server(), change));
}

ApiReply Handlers::delete_server(const Call& call) {
    platform_.delete_server(call.actor(), call.server());
    return empty_reply();
}

ApiReply Handlers::leave_server(const Call& call) {
    platform_.leave_server(call.actor(), call.server());
    return empty_reply();
}

}  // namespace intent::sandbox
