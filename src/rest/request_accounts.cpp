// Accounts, and requests of a voice client.
#include "rest/build.hpp"

#include <algorithm>
#include <utility>

namespace intent::rest {

namespace {

Wrong check_username(std::string_view name) {
    const bool plain =
        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (plain) return std::nullopt;
    return "username: must hold only a to z, 0 to 9 and _";
}

Call without_token(Call call, const Secret& password) {
    if (auto* request = std::get_if<Request>(&call)) {
        request->auth = Auth::none;
        request->secret = password.reveal();
    }
    return call;
}

Path auth_path(std::string_view word) { return std::move(Path().word("auth").word(word)); }

}  // namespace

Call register_account(const NewAccount& account) {
    auto wrong = check_fields(account.get());
    if (!wrong) wrong = check_username(account.get().username);
    return without_token(auth_path("register").call("POST", content_of(account.get(), std::move(wrong))),
                         account.get().password);
}

Call login(const Credentials& credentials) {
    return without_token(auth_path("login").call("POST", content_of(credentials.get())), credentials.get().password);
}

Call logout() { return auth_path("logout").call("POST"); }

Call get_voice_regions() { return Path().word("voice").word("regions").call("GET"); }

Call create_turn_credentials(ServerId server) {
    return Path().word("voice").word("turn-credentials").call("POST", content_of(raw::TurnServer{server}));
}

}  // namespace intent::rest
