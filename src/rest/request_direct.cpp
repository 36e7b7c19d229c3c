// Direct messages (protocol §16).
#include "rest/build.hpp"
#include "rest/validate.hpp"

#include <utility>

namespace intent::rest {

namespace {

constexpr std::size_t fewest_of_a_group = 2, most_of_a_group = 9;

Path dm_path() { return std::move(Path().word("users").word("@me").word("channels")); }
Path recipient_path(ChannelId channel, UserId user) {
    return std::move(channel_path(channel).word("recipients").minor("user_id", user));
}

}  // namespace

Call create_dm(UserId recipient) {
    Body body;
    body.id("recipient_id", std::optional(recipient));
    Wrong wrong;
    if (!recipient) wrong = "recipient_id: no id is set (0 is not an id)";
    return dm_path().call("POST", wrong, body.json());
}

Call create_dm(const std::vector<UserId>& recipients) {
    Body body;
    body.ids("recipient_ids", recipients);
    return dm_path().call("POST", check_ids("recipient_ids", recipients, fewest_of_a_group, most_of_a_group),
                          body.json());
}

Call add_recipient(ChannelId channel, UserId user) { return recipient_path(channel, user).call("PUT"); }
Call remove_recipient(ChannelId channel, UserId user) { return recipient_path(channel, user).call("DELETE"); }

}  // namespace intent::rest
