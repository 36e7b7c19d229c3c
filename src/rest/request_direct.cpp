// Direct messages (protocol §16).
#include "rest/build.hpp"

#include <utility>

namespace intent::rest {

namespace {

Path dm_path() { return std::move(Path().word("users").word("@me").word("channels")); }
Path recipient_path(ChannelId channel, UserId user) {
    return std::move(channel_path(channel).word("recipients").minor("user_id", user));
}

}  // namespace

Call create_dm(UserId recipient) { return dm_path().call("POST", content_of(raw::Recipient{recipient})); }

Call create_dm(const std::vector<UserId>& recipients) {
    return dm_path().call("POST", content_of(raw::Recipients{recipients}));
}

Call add_recipient(ChannelId channel, UserId user) { return recipient_path(channel, user).call("PUT"); }
Call remove_recipient(ChannelId channel, UserId user) { return recipient_path(channel, user).call("DELETE"); }

}  // namespace intent::rest
