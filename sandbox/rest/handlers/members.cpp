// Handlers of members.
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

MemberChange read_member_change(const Fields& fields) {
    MemberChange change{.nickname = fields.nullable_text("nickname")};
    // Some clients send an empty nickname to remove it.
    if (change.nickname && *change.nickname && (*change.nickname)->empty()) change.nickname->reset();
    if (const auto ids = fields.snowflakes("roles")) {
        change.roles.emplace();
        for (const auto id : *ids)
            change.roles->push_back(RoleId{id});
    }
    return change;
}

/// A member with the fields of its user added to its own, for clients that expect plain users.
std::string as_user_too(const raw::Member& member) {
    std::string text = json_of(member.user);
    text.back() = ',';
    return text + json_of(member).substr(1);
}

}  // namespace

ApiReply Handlers::list_members(const Call& call) {
    const auto members = platform_.members(call.actor(), call.server());
    if (dialect_ != Dialect::web) return list("members", members);
    std::vector<std::string> texts;
    texts.reserve(members.size());
    for (const auto& member : members)
        texts.push_back(as_user_too(member));
    return list_json("members", texts);
}

ApiReply Handlers::get_own_member(const Call& call) {
    return object_reply(200, platform_.member(call.actor(), call.server(), call.actor()));
}

ApiReply Handlers::edit_own_member(const Call& call) {
    const auto change = read_member_change(call.fields());
    return object_reply(200, platform_.edit_member(call.actor(), call.server(), call.actor(), change));
}

ApiReply Handlers::get_member(const Call& call) {
    return object_reply(200, platform_.member(call.actor(), call.server(), call.user()));
}

ApiReply Handlers::edit_member(const Call& call) {
    const auto change = read_member_change(call.fields());
    return object_reply(200, platform_.edit_member(call.actor(), call.server(), call.user(), change));
}

ApiReply Handlers::kick_member(const Call& call) {
    platform_.kick_member(call.actor(), call.server(), call.user());
    return empty_reply();
}

}  // namespace intent::sandbox
