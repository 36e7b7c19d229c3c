#include "sandbox/store/store.hpp"

#include "sandbox/store/store_rows.hpp"
#include "sandbox/store/store_schema.hpp"

#include <intent/errors.hpp>

namespace intent::inline v0::sandbox {
namespace {

std::string database_name(const std::string& path) {
    // A leading "./" keeps SQLite from interpreting a user's path as a special name such as ":memory:".
    if (path.empty()) return ":memory:";
    return path.front() == ':' ? "./" + path : path;
}

/// Creates the file if it is missing and locks it.
std::optional<net::FileLock> locked(const std::string& path) {
    if (path.empty()) return std::nullopt;
    if (net::kind_of_file(path) == net::FileKind::other)
        throw ConfigError(path + ": cannot be opened as database: not a regular file");
    // Create the file here, so that it is never readable by others. SQLite gives its auxiliary files the same mode.
    if (const auto problem = net::make_private_file(path); !problem.empty())
        throw ConfigError(path + ": cannot be opened as database: " + problem);
    const std::string name = net::lock_of_file(path);
    auto attempt = net::FileLock::take(name);
    if (attempt.is_held) throw ConfigError(path + ": in use by " + attempt.holder_text());
    if (!attempt.lock) throw ConfigError(path + ": its lock file " + name + " " + attempt.problem);
    return std::move(attempt.lock);
}

}  // namespace

Store::Store(const std::string& path) try : lock_(locked(path)), db_(database_name(path)) {
    prepare_schema(db_, path);
} catch (const SqliteError& error) {
    throw ConfigError(path + ": cannot be opened as database: " + error.what());
}

std::uint64_t Store::max_id() {
    auto row = db_.query(
        "SELECT max(coalesce((SELECT max(id) FROM users), 0), coalesce((SELECT max(id) FROM servers), 0), "
        "coalesce((SELECT max(id) FROM channels), 0), coalesce((SELECT max(id) FROM messages), 0), "
        "coalesce((SELECT max(id) FROM roles), 0), coalesce((SELECT max(id) FROM webhooks), 0))");
    return row.step() ? row.id(0) : 0;
}

void Store::add_user(const Account& account, const std::optional<std::string>& email) {
    const raw::User& user = account.user;
    db_.run(
        "INSERT INTO users (id, username, display_name, avatar_url, email, password, is_bot, created_at) VALUES "
        "(?,?,?,?,?,?,?,?)",
        user.id, user.username, user.display_name, user.avatar_url, email, account.password, account.is_bot,
        user.created_at);
}

std::optional<Account> Store::account(UserId id) {
    return db_.query(select_accounts("WHERE id = ?"), id).first(read_account);
}

std::optional<Account> Store::account_by_name(std::string_view username) {
    return db_.query(select_accounts("WHERE username = ?"), username).first(read_account);
}

std::optional<Account> Store::account_by_email(std::string_view email) {
    return db_.query(select_accounts("WHERE email = ?"), email).first(read_account);
}

bool Store::email_taken(std::string_view email) {
    return db_.query("SELECT 1 FROM users WHERE email = ?", email).step();
}

void Store::set_display_name(UserId id, std::string_view name) {
    db_.run("UPDATE users SET display_name = ? WHERE id = ?", name, id);
}

void Store::add_token(std::string_view token, UserId user, Timestamp created_at, std::optional<Timestamp> expires_at) {
    db_.run("INSERT INTO tokens (token, user_id, created_at, expires_at) VALUES (?,?,?,?)", token, user, created_at,
            expires_at);
}

std::optional<UserId> Store::token_user(std::string_view token, Timestamp now) {
    return db_
        .query("SELECT user_id FROM tokens WHERE token = ? AND (expires_at IS NULL OR expires_at > ?)", token, now)
        .first(read_id<UserId>);
}

std::optional<std::string> Store::token_of(UserId user, Timestamp now) {
    return db_
        .query(
            "SELECT token FROM tokens WHERE user_id = ? AND (expires_at IS NULL OR expires_at > ?) "
            "ORDER BY expires_at IS NOT NULL, expires_at DESC, created_at DESC LIMIT 1",
            user, now)
        .first(read_text);
}

void Store::remove_token(std::string_view token) { db_.run("DELETE FROM tokens WHERE token = ?", token); }

void Store::remove_expired_tokens(Timestamp now) { db_.run("DELETE FROM tokens WHERE expires_at <= ?", now); }

void Store::remove_tokens_of(UserId user) { db_.run("DELETE FROM tokens WHERE user_id = ?", user); }

void Store::add_server(const raw::Server& server) {
    db_.run("INSERT INTO servers (id, name, owner_id, icon_url, description, created_at) VALUES (?,?,?,?,?,?)",
            server.id, server.name, server.owner_id, server.icon_url, server.description, server.created_at);
}

std::optional<raw::Server> Store::server(ServerId id) {
    return db_.query(select_servers("WHERE s.id = ?"), id).first(read_server);
}

std::vector<raw::Server> Store::servers_of(UserId user) {
    return db_.query(select_servers("JOIN members AS m ON m.server_id = s.id WHERE m.user_id = ? ORDER BY s.id"), user)
        .all(read_server);
}

std::optional<ServerId> Store::first_server() {
    auto row = db_.query("SELECT min(id) FROM servers");
    if (!row.step() || row.is_null(0)) return std::nullopt;
    return ServerId{row.id(0)};
}

void Store::update_server(const raw::Server& server) {
    db_.run("UPDATE servers SET name = ?, description = ? WHERE id = ?", server.name, server.description, server.id);
}

void Store::remove_server(ServerId id) { db_.run("DELETE FROM servers WHERE id = ?", id); }

}  // namespace intent::sandbox
