// People who are made by order, not by registering.
#include "sandbox/platform.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/secrets.hpp"
#include "sandbox/text.hpp"

namespace intent::sandbox {

raw::User Platform::add_account(std::string_view username, const std::optional<std::string>& display_name, bool is_bot,
                                Timestamp now) {
    if (display_name) check_length("display_name", *display_name, 1, 32);
    raw::User user = add_user(username, std::nullopt, "", now);
    if (is_bot) {
        store_.make_bot(user.id);
        store_.add_token(make_token("bot_"), user.id, now, std::nullopt);
    }
    if (display_name) user = edit_user(user.id, display_name);
    return user;
}

}  // namespace intent::sandbox
