// The platform's users: registration, login and the seed accounts.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"
#include "sandbox/store/role_sets.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>
#include <intent/token.hpp>

#include <set>

namespace intent::inline v0::sandbox {
namespace {

constexpr auto user_token_life = std::chrono::days(7);
constexpr const char* seed_name = "alice";
constexpr const char* seed_password = "alice";

void check_username(std::string_view username) {
    if (!is_username(username)) throw invalid("username", "2-32 of a-z 0-9 _ allowed");
}

Problem username_taken(std::string_view username) {
    return {409, "USERNAME_TAKEN", "username: \"" + std::string(username) + "\" is taken"};
}

Problem wrong_credentials() {
    return {401, "INVALID_CREDENTIALS", "username_or_email or password: unknown user or wrong password"};
}

void check_email_and_password(std::string_view email, std::string_view password) {
    check_length("email", email, 3, 254);
    const auto at = email.find('@');
    if (at == 0 || at == std::string_view::npos || at + 1 == email.size())
        throw invalid("email", "not an address (name@host)");
    check_length("password", password, 8, 128);
}

}  // namespace

Platform::Platform(Store& store, Dialect dialect, std::function<void(Event)> emit)
    : store_(store), dialect_(dialect), emit_(std::move(emit)), ids_(store.max_id()), ice_(make_token("")) {}

void Platform::seed(const std::vector<Bot>& bots, Timestamp now) {
    Transaction transaction(store_.database());
    if (const auto first = store_.first_server()) {
        server_ = *first;
        const auto channels = store_.channels_of(server_);
        for (const auto& channel : channels)
            if (general_.value == 0 || channel.id < general_) general_ = channel.id;
    } else {
        const UserId alice{ids_.next(now)};
        raw::User person{.id = alice, .username = seed_name, .display_name = "Alice", .created_at = now};
        store_.add_user({.user = person, .is_bot = false, .password = hash_password(seed_password, HashCost::light)},
                        std::nullopt);
        server_ = ServerId{ids_.next(now)};
        store_.add_server({.id = server_, .name = "Sandbox", .owner_id = alice, .created_at = now});
        store_.add_role({.id = everyone_role(server_),
                         .server_id = server_,
                         .name = "everyone",
                         .permissions = everyone_permissions,
                         .created_at = now},
                        false);
        store_.add_member(server_, alice, now);
        general_ = ChannelId{ids_.next(now)};
        store_.add_channel({.id = general_, .server_id = server_, .name = "general", .created_at = now});
    }
    std::set<std::string> names;
    for (const auto& bot : bots) {
        if (!names.insert(bot.name).second) throw ConfigError("bot \"" + bot.name + "\" is given twice");
        seed_bot(bot, now);
    }
    transaction.commit();
}

void Platform::seed_bot(const Bot& bot, Timestamp now) {
    if (!is_username(bot.name)) throw ConfigError("bot \"" + bot.name + "\": a name is 2-32 of a-z 0-9 _");
    const auto account = store_.account_by_name(bot.name);
    if (account && !account->is_bot) throw ConfigError("bot \"" + bot.name + "\": a user has this name");
    const UserId id = account ? account->user.id : make_user({.username = bot.name, .is_bot = true}, now).id;
    const auto known = store_.token_of(id, now);
    if (bot.token.empty()) {
        if (!known) new_bot_token(id, now);
        return;
    }
    const std::string token(Token(bot.token).reveal());
    if (token.size() > limits::token_bytes)
        throw ConfigError("bot \"" + bot.name + "\": token: " + std::to_string(token.size()) +
                          " bytes; must be at most " + std::to_string(limits::token_bytes));
    if (known == token) return;
    if (store_.token_user(token, now))
        throw ConfigError("bot \"" + bot.name + "\": its token belongs to another account");
    store_.remove_tokens_of(id);
    store_.add_token(token, id, now, std::nullopt);
}

raw::User Platform::user(UserId id) {
    auto account = store_.account(id);
    if (!account) throw not_found("user " + id.str());
    return std::move(account->user);
}

raw::User Platform::edit_user(UserId actor, const std::optional<std::optional<std::string>>& display_name) {
    if (!display_name) throw invalid("display_name", "nothing to change: give display_name (1-32 characters, or null)");
    if (*display_name) check_length("display_name", **display_name, 1, 32);
    store_.set_display_name(actor, display_name->value_or(user(actor).username));
    return user(actor);
}

raw::User Platform::make_user(const NewUser& wanted, Timestamp now) {
    check_username(wanted.username);
    std::string username(wanted.username);
    if (store_.account_by_name(username)) throw username_taken(username);
    const Account account{.user = {.id = UserId{ids_.next(now)},
                                   .username = username,
                                   .display_name = wanted.display_name.value_or(username),
                                   .created_at = now},
                          .is_bot = wanted.is_bot,
                          .password = wanted.password_hash};
    store_.add_user(account, wanted.email);
    join(server_, account, now);
    return account.user;
}

raw::User Platform::add_user(std::string_view username, const std::optional<std::string>& email,
                             std::string password_hash, Timestamp now) {
    Transaction transaction(store_.database());
    raw::User person =
        make_user({.username = username, .email = email, .password_hash = std::move(password_hash)}, now);
    transaction.commit();
    announce_join(server_, person.id);
    return person;
}

void Platform::check_registration(std::string_view username, std::string_view email, std::string_view password) {
    check_username(username);
    check_email_and_password(email, password);
    if (store_.email_taken(email)) throw Problem(409, "EMAIL_TAKEN", "email: this address is registered");
    if (store_.account_by_name(username)) throw username_taken(username);
}

Login Platform::register_user(std::string_view username, std::string_view email, std::string password_hash,
                              Timestamp now) {
    // Check again: another user may have registered while the password was hashed.
    if (store_.email_taken(email)) throw Problem(409, "EMAIL_TAKEN", "email: this address is registered");
    Transaction transaction(store_.database());
    raw::User person =
        make_user({.username = username, .email = std::string(email), .password_hash = std::move(password_hash)}, now);
    std::string token = new_token(person.id, now);
    transaction.commit();
    announce_join(server_, person.id);
    return {.token = std::move(token), .user = std::move(person)};
}

bool Platform::is_seed_login(std::string_view username, std::string_view password) noexcept {
    return username == seed_name && password == seed_password;
}

std::string Platform::password_hash(std::string_view username_or_email) {
    const auto account = find_person(username_or_email);
    if (!account || account->password.empty()) throw wrong_credentials();
    return account->password;
}

Login Platform::login(std::string_view username_or_email, const std::optional<std::string>& hash, Timestamp now) {
    auto account = find_person(username_or_email);
    if (!account || !hash || account->password != *hash) throw wrong_credentials();
    Transaction transaction(store_.database());
    store_.remove_expired_tokens(now);
    std::string token = new_token(account->user.id, now);
    transaction.commit();
    return {.token = std::move(token), .user = std::move(account->user)};
}

std::optional<Account> Platform::find_person(std::string_view username_or_email) {
    auto account = store_.account_by_name(username_or_email);
    return account ? std::move(account) : store_.account_by_email(username_or_email);
}

std::string Platform::new_token(UserId user, Timestamp now) {
    std::string token = make_token("usr_");
    store_.add_token(token, user, now, now + user_token_life);
    return token;
}

std::string Platform::new_bot_token(UserId bot, Timestamp now) {
    std::string token = make_token("bot_");
    store_.add_token(token, bot, now, std::nullopt);
    return token;
}

std::string Platform::token_for(UserId user, Timestamp now) {
    if (auto token = store_.token_of(user, now)) return std::move(*token);
    return new_token(user, now);
}

}  // namespace intent::sandbox
