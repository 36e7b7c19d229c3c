// Handlers of users.
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {

ApiReply Handlers::get_me(const Call& call) { return object_reply(200, platform_.user(call.actor())); }

ApiReply Handlers::edit_me(const Call& call) {
    return object_reply(200, platform_.edit_user(call.actor(), call.fields().nullable_text("display_name")));
}

ApiReply Handlers::get_user(const Call& call) { return object_reply(200, platform_.user(call.user())); }

}  // namespace intent::sandbox
