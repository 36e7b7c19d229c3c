// Accounts, and requests of a voice client.
#include "rest/build.hpp"
#include "rest/validate.hpp"

#include <algorithm>
#include <utility>

namespace intent::rest {

namespace {

constexpr std::size_t longest_account_text = 1024;  // the protocol gives no maximum for e-mail addresses and passwords

Wrong check_username(std::string_view name) {
    if (auto wrong = check_text("username", name, 2, 32)) return wrong;
    const bool plain =
        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (plain) return std::nullopt;
    return "username: allowed are a to z, 0 to 9 and _";
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
    Body body;
    body.text("username", account.username());
    body.text("email", account.email());
    body.secret("password", account.password());
    const auto wrong = first_wrong(
        check_username(account.username()),
        [&] { return check_text("email", account.email(), 1, longest_account_text); },
        [&] { return check_text("password", account.password().reveal(), 1, longest_account_text); });
    return without_token(auth_path("register").call("POST", wrong, body.json()), account.password());
}

Call login(const Credentials& credentials) {
    Body body;
    body.text("username_or_email", credentials.username_or_email());
    body.secret("password", credentials.password());
    const auto wrong =
        first_wrong(check_text("username_or_email", credentials.username_or_email(), 1, longest_account_text),
                    [&] { return check_text("password", credentials.password().reveal(), 1, longest_account_text); });
    return without_token(auth_path("login").call("POST", wrong, body.json()), credentials.password());
}

Call logout() { return auth_path("logout").call("POST"); }

Call get_voice_regions() { return Path().word("voice").word("regions").call("GET"); }

Call create_turn_credentials(ServerId server) {
    Body body;
    body.id("server_id", std::optional(server));
    Wrong wrong;
    if (!server) wrong = "server_id: no id is set (0 is not an id)";
    return Path().word("voice").word("turn-credentials").call("POST", wrong, body.json());
}

}  // namespace intent::rest
