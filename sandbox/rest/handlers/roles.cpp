// Handlers of roles.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

RoleFields read_role(const Fields& fields) {
    RoleFields role{.name = fields.text("name"),
                    .permissions = fields.permissions("permissions"),
                    .position = fields.integer("position", 0, max_role_position),
                    .hoist = fields.boolean("hoist"),
                    .mentionable = fields.boolean("mentionable")};
    if (const auto color = fields.integer("color", 0, 0xffffff)) role.color = static_cast<std::uint32_t>(*color);
    return role;
}

}  // namespace

ApiReply Handlers::list_roles(const Call& call) { return list("roles", platform_.roles(call.actor(), call.server())); }

ApiReply Handlers::create_role(const Call& call) {
    RoleFields fields = read_role(call.fields());
    if (!fields.name) throw invalid("name", "required");
    return object_reply(201, platform_.create_role(call.actor(), call.server(), std::move(fields), call.now()));
}

ApiReply Handlers::edit_role(const Call& call) {
    const RoleFields fields = read_role(call.fields());
    if (!fields.name && !fields.permissions && !fields.position && !fields.color && !fields.hoist &&
        !fields.mentionable)
        throw invalid("name", "nothing to change: give name, permissions, position, color, hoist or mentionable");
    return object_reply(200, platform_.edit_role(call.actor(), call.server(), call.role(), fields));
}

ApiReply Handlers::delete_role(const Call& call) {
    platform_.delete_role(call.actor(), call.server(), call.role());
    return empty_reply();
}

}  // namespace intent::sandbox
