// Routes of members and roles.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/api_replies.hpp"

namespace intent::sandbox {
namespace {

MemberChange read_member_change(const std::string& body) {
    const Fields fields(body);
    MemberChange change{.nickname = fields.nullable_text("nickname")};
    // An empty nickname is none, as some clients send it.
    if (change.nickname && *change.nickname && (*change.nickname)->empty()) change.nickname->reset();
    if (const auto ids = fields.snowflakes("roles")) {
        change.roles.emplace();
        for (const auto id : *ids)
            change.roles->push_back(RoleId{id});
    }
    return change;
}

RoleFields read_role(const std::string& body) {
    const Fields fields(body);
    RoleFields role{.name = fields.text("name"),
                    .permissions = fields.permissions("permissions"),
                    .position = fields.integer("position", 0, highest_role_position),
                    .hoist = fields.boolean("hoist"),
                    .mentionable = fields.boolean("mentionable")};
    if (const auto color = fields.integer("color", 0, 0xffffff)) role.color = static_cast<std::uint32_t>(*color);
    return role;
}

/// A member whose user's fields stand beside its own: readers that expect plain users find what they look for.
std::string as_user_too(const raw::Member& member) {
    std::string text = json_of(member.user);
    text.back() = ',';
    return text + json_of(member).substr(1);
}

}  // namespace

ApiReply Api::run_members(const Call& call) {
    const ServerId server{call.match.server_id.value_or(0)};
    const UserId user = call.match.user_id ? UserId{*call.match.user_id} : call.actor;
    switch (call.match.route) {
        case Route::list_members: {
            const auto members = platform_.members(call.actor, server);
            if (dialect_ != SandboxDialect::web) return list("members", members);
            std::vector<std::string> texts;
            for (const auto& member : members)
                texts.push_back(as_user_too(member));
            return list_json("members", texts);
        }
        case Route::get_member:
            return object_reply(200, platform_.member(call.actor, server, user));
        case Route::edit_member:
            return object_reply(200,
                                platform_.edit_member(call.actor, server, user, read_member_change(call.request.body)));
        default:
            platform_.kick_member(call.actor, server, user);
            return empty_reply();
    }
}

ApiReply Api::run_roles(const Call& call) {
    const ServerId server{call.match.server_id.value_or(0)};
    const RoleId id{call.match.role_id.value_or(0)};
    switch (call.match.route) {
        case Route::list_roles:
            return list("roles", platform_.roles(call.actor, server));
        case Route::create_role: {
            RoleFields fields = read_role(call.request.body);
            if (!fields.name) throw invalid("name", "required");
            return object_reply(201, platform_.create_role(call.actor, server, std::move(fields), call.now));
        }
        case Route::edit_role: {
            const RoleFields fields = read_role(call.request.body);
            if (!fields.name && !fields.permissions && !fields.position && !fields.color && !fields.hoist &&
                !fields.mentionable)
                throw invalid("name",
                              "nothing to change: give name, permissions, position, color, hoist or mentionable");
            return object_reply(200, platform_.edit_role(call.actor, server, id, fields));
        }
        default:
            platform_.delete_role(call.actor, server, id);
            return empty_reply();
    }
}

}  // namespace intent::sandbox
