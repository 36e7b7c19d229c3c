// People who are made by order, not by registering.
#include "sandbox/platform.hpp"
#include "sandbox/text.hpp"

#include <utility>

namespace intent::sandbox {

void Platform::reload(const std::vector<SandboxBot>& bots, Timestamp now) {
    ids_ = IdSource(store_.highest_id());
    general_ = {};
    seed(bots, now);
}

Login Platform::add_account(std::string_view username, const std::optional<std::string>& display_name, bool is_bot,
                            Timestamp now) {
    if (display_name) check_length("display_name", *display_name, 1, 32);
    Transaction transaction(store_.database());
    raw::User user = make_user({.username = username, .display_name = display_name, .is_bot = is_bot}, now);
    std::string token = is_bot ? new_bot_token(user.id, now) : new_token(user.id, now);
    transaction.commit();
    announce_join(server_, user.id);
    return {.token = std::move(token), .user = std::move(user)};
}

}  // namespace intent::sandbox
