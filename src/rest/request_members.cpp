// Members, roles, invites.
#include "rest/build.hpp"
#include "rest/validate.hpp"

#include <utility>

namespace intent::rest {

namespace {

constexpr std::size_t longest_role_name = 100;  // the protocol gives no maximum; other names have this one

Path members_path(ServerId server) { return std::move(server_path(server).word("members")); }
Path member_path(ServerId server, UserId user) { return std::move(members_path(server).minor("user_id", user)); }
Path roles_path(ServerId server) { return std::move(server_path(server).word("roles")); }
Path role_path(ServerId server, RoleId role) { return std::move(roles_path(server).minor("role_id", role)); }
Path invite_path(std::string_view code) { return std::move(Path().word("invites").text("code", code)); }

Wrong check_role_ids(const std::optional<std::vector<RoleId>>& ids) {
    if (!ids) return std::nullopt;
    for (std::size_t i = 0; i < ids->size(); ++i) {
        if (!(*ids)[i]) return "roles[" + std::to_string(i) + "]: no id is set (0 is not an id)";
    }
    return std::nullopt;
}

Wrong check_color(std::optional<std::uint32_t> color) {
    if (!color || *color <= 0xFFFFFF) return std::nullopt;
    return "color: over 0xFFFFFF; allowed are 0 to 0xFFFFFF";
}

Wrong check_invite(const NewInvite& invite) {
    if (invite.channel() && !*invite.channel()) return "channel_id: no id is set (0 is not an id)";
    if (invite.max_uses() && *invite.max_uses() < 1) {
        return "max_uses: " + std::to_string(*invite.max_uses()) + "; allowed is 1 or more, or leave it unset";
    }
    if (invite.max_age() && invite.max_age()->count() < 1) {
        return "max_age_seconds: " + std::to_string(invite.max_age()->count()) +
               "; allowed is 1 or more, or leave it unset";
    }
    return std::nullopt;
}

/// The fields that a new role and a role edit share.
template <class Role>
void add_role_fields(Body& body, const Role& role) {
    body.permissions("permissions", role.permissions());
    body.integer("color", role.color());
    body.boolean("hoist", role.hoist());
    body.boolean("mentionable", role.mentionable());
}

}  // namespace

Call get_members(ServerId id) { return members_path(id).call("GET"); }
Call get_member(ServerId server, UserId user) { return member_path(server, user).call("GET"); }

Call edit_member(ServerId server, UserId user, const MemberEdit& changes) {
    Body body;
    if (changes.nickname() && changes.nickname()->empty()) {
        body.null("nickname");
    } else {
        body.text("nickname", changes.nickname());
    }
    if (changes.roles()) body.ids("roles", *changes.roles());
    const auto wrong = first_wrong(
        check_optional_text("nickname", changes.nickname(), 0, 32), [&] { return check_role_ids(changes.roles()); },
        [&] { return check_changes(body); });
    return member_path(server, user).call("PATCH", wrong, body.json());
}

Call remove_member(ServerId server, UserId user) { return member_path(server, user).call("DELETE"); }

Call get_roles(ServerId server) { return roles_path(server).call("GET"); }

Call create_role(ServerId server, const NewRole& role) {
    Body body;
    body.text("name", role.name());
    add_role_fields(body, role);
    const auto wrong =
        first_wrong(check_text("name", role.name(), 1, longest_role_name), [&] { return check_color(role.color()); });
    return roles_path(server).call("POST", wrong, body.json());
}

Call edit_role(ServerId server, RoleId role, const RoleEdit& changes) {
    Body body;
    body.text("name", changes.name());
    body.integer("position", changes.position());
    add_role_fields(body, changes);
    const auto wrong = first_wrong(
        check_optional_text("name", changes.name(), 1, longest_role_name), [&] { return check_color(changes.color()); },
        [&] { return check_changes(body); });
    return role_path(server, role).call("PATCH", wrong, body.json());
}

Call remove_role(ServerId server, RoleId role) { return role_path(server, role).call("DELETE"); }

Call get_invites(ServerId server) { return server_path(server).word("invites").call("GET"); }

Call create_invite(ServerId server, const NewInvite& invite) {
    Body body;
    body.id("channel_id", invite.channel());
    body.integer("max_uses", invite.max_uses());
    if (invite.max_age()) body.integer("max_age_seconds", invite.max_age()->count());
    return server_path(server).word("invites").call("POST", check_invite(invite), body.json());
}

Call create_invite(ChannelId channel, const NewInvite& invite) {
    Body body;
    body.integer("max_uses", invite.max_uses());
    if (invite.max_age()) body.integer("max_age_seconds", invite.max_age()->count());
    Wrong wrong;
    if (invite.channel()) wrong = "channel_id: must not be set; the invite is for the channel in the path";
    wrong = first_wrong(std::move(wrong), [&] { return check_invite(invite); });
    return channel_path(channel).word("invites").call("POST", wrong, body.json());
}

Call get_invite(std::string_view code) { return invite_path(code).call("GET"); }
Call accept_invite(std::string_view code) { return invite_path(code).call("POST"); }
Call remove_invite(std::string_view code) { return invite_path(code).call("DELETE"); }

}  // namespace intent::rest
