// Routes of invites.
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/api_replies.hpp"

#include <limits>

namespace intent::sandbox {
namespace {

NewInvite read_invite(const std::string& body) {
    constexpr int most = std::numeric_limits<int>::max();
    const Fields fields(body);
    NewInvite invite{.max_uses = fields.integer("max_uses", 1, most),
                     .max_age_seconds = fields.integer("max_age_seconds", 1, most)};
    if (const auto channel = fields.snowflake("channel_id")) invite.channel = ChannelId{*channel};
    return invite;
}

}  // namespace

ApiReply Api::run_invites(const Call& call) {
    const ServerId server{call.match.server_id.value_or(0)};
    const std::string& code = call.match.code;
    switch (call.match.route) {
        case Route::list_invites:
            // Plain in every dialect: nobody was seen to wrap this one.
            return list("", platform_.invites(call.actor, server, call.now));
        case Route::create_invite:
            return object_reply(201,
                                platform_.create_invite(call.actor, server, read_invite(call.request.body), call.now));
        case Route::create_channel_invite:
            return object_reply(201, platform_.create_invite(call.actor, ChannelId{*call.match.channel_id},
                                                             read_invite(call.request.body), call.now));
        case Route::get_invite:
            return object_reply(200, platform_.invite(code, call.now));
        case Route::accept_invite:
            return object_reply(200, platform_.accept_invite(call.actor, code, call.now));
        default:
            platform_.delete_invite(call.actor, code, call.now);
            return empty_reply();
    }
}

}  // namespace intent::sandbox
