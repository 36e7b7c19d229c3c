// Accounts for tests and the control API.
#include "codec/utf8.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform.hpp"

#include <utility>

namespace intent::inline v0::sandbox {

void Platform::reload(const std::vector<Bot>& bots, Timestamp now) {
    ids_ = IdSource(store_.max_id());
    general_ = {};
    seed(bots, now);
}

Account Platform::find_account(std::string_view name_or_id) {
    auto account = store_.account_by_name(name_or_id);
    if (!account)
        if (const auto id = UserId::parse(name_or_id)) account = store_.account(*id);
    if (!account) throw not_found("user \"" + codec::shown(name_or_id) + "\"");
    return std::move(*account);
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
