// Handlers of invites.
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/handlers/replies.hpp"

#include <limits>

namespace intent::inline v0::sandbox {
namespace {

NewInvite read_invite(const Fields& fields) {
    constexpr int maximum = std::numeric_limits<int>::max();
    NewInvite invite{.max_uses = fields.integer("max_uses", 1, maximum),
                     .max_age_seconds = fields.integer("max_age_seconds", 1, maximum)};
    if (const auto channel = fields.snowflake("channel_id")) invite.channel = ChannelId{*channel};
    return invite;
}

}  // namespace

ApiReply Handlers::list_invites(const Call& call) {
    // Plain in every dialect: no server was seen to wrap this list.
    return list("", platform_.invites(call.actor(), call.server(), call.now()));
}

ApiReply Handlers::create_invite(const Call& call) {
    return object_reply(201,
                        platform_.create_invite(call.actor(), call.server(), read_invite(call.fields()), call.now()));
}

ApiReply Handlers::create_channel_invite(const Call& call) {
    return object_reply(201,
                        platform_.create_invite(call.actor(), call.channel(), read_invite(call.fields()), call.now()));
}

ApiReply Handlers::get_invite(const Call& call) {
    return object_reply(200, platform_.invite(call.invite_code(), call.now()));
}

ApiReply Handlers::accept_invite(const Call& call) {
    return object_reply(200, platform_.accept_invite(call.actor(), call.invite_code(), call.now()));
}

ApiReply Handlers::delete_invite(const Call& call) {
    platform_.delete_invite(call.actor(), call.invite_code(), call.now());
    return empty_reply();
}

}  // namespace intent::sandbox
