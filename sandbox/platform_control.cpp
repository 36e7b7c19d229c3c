// People who are made by order, not by registering.
#include "sandbox/platform.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/text.hpp"

namespace intent::sandbox {

void Platform::reload(const std::vector<SandboxBot>& bots, Timestamp now) {
    ids_ = IdSource(store_.highest_id());
    general_ = {};
    seed(bots, now);
}

raw::User Platform::add_account(std::string_view username, const std::optional<std::string>& display_name, bool is_bot,
                                Timestamp now) {
    UserId user_id;
    if (display_name) check_length("display_name", *display_name, 1, 32);
    if (!is_bot) {
        user_id = add_user(username, std::nullopt, "", now).id;
    } else {
        if (!is_username(username)) throw invalid("username", "2-32 of a-z 0-9 _ allowed");
        if (store_.account_by_name(username))
            throw Problem(409, "USERNAME_TAKEN", "username: \"" + std::string(username) + "\" is taken");
        seed_bot({.name = std::string(username)}, now);
        user_id = store_.account_by_name(username)->user.id;
    }
    if (display_name) store_.set_display_name(user_id, *display_name);
    return user(user_id);
}

}  // namespace intent::sandbox
