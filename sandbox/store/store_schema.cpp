#include "sandbox/store/store_schema.hpp"

#include "sandbox/store/store.hpp"

#include <intent/errors.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace intent::inline v0::sandbox {
namespace {

// A new file runs all migrations too, so every test covers them. Never change a released migration: files that it
// created exist.
constexpr const char* version_1 = R"sql(
CREATE TABLE users (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, avatar_url TEXT,
    email TEXT UNIQUE, password TEXT NOT NULL, is_bot INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
    token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_user ON tokens (user_id);
CREATE TABLE servers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_id INTEGER NOT NULL REFERENCES users, icon_url TEXT,
    description TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE members (
    server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, joined_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);
CREATE TABLE channels (
    id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    type INTEGER NOT NULL, topic TEXT, position INTEGER NOT NULL, parent_id INTEGER, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX channels_by_server ON channels (server_id);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES users, content TEXT NOT NULL, embeds TEXT, created_at INTEGER NOT NULL,
    edited_at INTEGER
) STRICT;
CREATE INDEX messages_by_channel ON messages (channel_id, id);
)sql";

// Adds roles, nicknames, invites, webhooks and webhook messages. The id of the role that every member has equals the
// server's id; bots get a second role to manage the server. The numbers are the initial permissions of role_sets.hpp.
constexpr const char* version_2 = R"sql(
ALTER TABLE members ADD COLUMN nickname TEXT;
CREATE TABLE roles (
    id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    permissions INTEGER NOT NULL, position INTEGER NOT NULL, color INTEGER NOT NULL, hoist INTEGER NOT NULL,
    mentionable INTEGER NOT NULL, for_bots INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX roles_by_server ON roles (server_id);
CREATE TABLE member_roles (
    server_id INTEGER NOT NULL, user_id INTEGER NOT NULL, role_id INTEGER NOT NULL REFERENCES roles ON DELETE CASCADE,
    PRIMARY KEY (server_id, user_id, role_id),
    FOREIGN KEY (server_id, user_id) REFERENCES members ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX member_roles_by_role ON member_roles (role_id);
INSERT INTO roles SELECT id, id, 'everyone', 3206144, 0, 0, 0, 0, 0, created_at FROM servers;
INSERT INTO roles
    SELECT (SELECT max(coalesce((SELECT max(id) FROM users), 0), coalesce((SELECT max(id) FROM servers), 0),
                       coalesce((SELECT max(id) FROM channels), 0), coalesce((SELECT max(id) FROM messages), 0)))
               + row_number() OVER (ORDER BY id), id, 'bots', 3210287, 1, 0, 0, 0, 1, created_at
    FROM servers WHERE EXISTS (SELECT 1 FROM members AS m JOIN users AS u ON u.id = m.user_id
                               WHERE m.server_id = servers.id AND u.is_bot = 1);
INSERT INTO member_roles
    SELECT m.server_id, m.user_id, r.id FROM members AS m JOIN users AS u ON u.id = m.user_id
    JOIN roles AS r ON r.server_id = m.server_id AND r.for_bots = 1 WHERE u.is_bot = 1;
CREATE TABLE invites (
    code TEXT PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE,
    channel_id INTEGER REFERENCES channels ON DELETE SET NULL, inviter_id INTEGER NOT NULL REFERENCES users,
    max_uses INTEGER, uses INTEGER NOT NULL, max_age_seconds INTEGER, created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_by_server ON invites (server_id);
CREATE INDEX invites_by_channel ON invites (channel_id);
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, creator_id INTEGER REFERENCES users,
    name TEXT NOT NULL, avatar_url TEXT, token TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_by_channel ON webhooks (channel_id);
CREATE INDEX webhooks_by_server ON webhooks (server_id);
CREATE TABLE messages_2 (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    author_id INTEGER REFERENCES users, webhook_id INTEGER, author_name TEXT, author_avatar TEXT,
    content TEXT NOT NULL, embeds TEXT, created_at INTEGER NOT NULL, edited_at INTEGER
) STRICT;
INSERT INTO messages_2 (id, channel_id, author_id, content, embeds, created_at, edited_at)
    SELECT id, channel_id, author_id, content, embeds, created_at, edited_at FROM messages;
DROP TABLE messages;
ALTER TABLE messages_2 RENAME TO messages;
CREATE INDEX messages_by_channel ON messages (channel_id, id);
)sql";

// Adds direct message channels: they have members instead of a server, and ciphertext instead of content. SQLite cannot
// drop "NOT NULL" from a column, so this recreates the table of channels while foreign keys are off.
constexpr const char* version_3 = R"sql(
CREATE TABLE channels_3 (
    id INTEGER PRIMARY KEY, server_id INTEGER REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    type INTEGER NOT NULL, topic TEXT, position INTEGER NOT NULL, parent_id INTEGER, created_at INTEGER NOT NULL,
    icon_url TEXT, owner_id INTEGER REFERENCES users, mls_initialized INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO channels_3
    SELECT id, server_id, name, type, topic, position, parent_id, created_at, NULL, NULL, 0 FROM channels;
DROP TABLE channels;
ALTER TABLE channels_3 RENAME TO channels;
CREATE INDEX channels_by_server ON channels (server_id);
CREATE TABLE recipients (
    channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipients_by_user ON recipients (user_id);
ALTER TABLE messages ADD COLUMN mls_ciphertext TEXT;
ALTER TABLE webhooks ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
)sql";

constexpr std::array steps{version_1, version_2, version_3};
static_assert(steps.size() == Store::schema_version);

bool has_tables(Database& db) { return db.query("SELECT 1 FROM sqlite_master LIMIT 1").step(); }

void check_owner(Database& db, const std::string& path) {
    const std::int64_t owner = db.pragma("application_id");
    if (owner != application_id && (owner != 0 || has_tables(db)))
        throw ConfigError(
            path + ": this SQLite database belongs to another program; use a new file or one that the sandbox created");
    const std::int64_t version = db.pragma("user_version");
    if (version > Store::schema_version)
        throw ConfigError(path + ": written by a newer version (schema " + std::to_string(version) +
                          ", this version supports up to " + std::to_string(Store::schema_version) +
                          "); use that version or a new file");
    if (version < 0)
        throw ConfigError(path + ": its schema version is " + std::to_string(version) + ", which is invalid");
}

/// Migrates in one transaction: an interrupted migration leaves the old file unchanged.
void bring_up_to_date(Database& db) {
    if (db.pragma("user_version") == Store::schema_version) return;
    db.execute("PRAGMA foreign_keys = OFF");  // not possible within a transaction
    Transaction transaction(db);
    // Read the version again under the write lock: another process may have migrated the file meanwhile.
    const auto version = static_cast<std::size_t>(db.pragma("user_version"));
    for (std::size_t step = version; step < steps.size(); ++step)
        db.execute(steps[step]);
    db.execute("PRAGMA application_id = " + std::to_string(application_id));
    db.execute("PRAGMA user_version = " + std::to_string(Store::schema_version));
    transaction.commit();
}

/// A definition as SQLite stores it, without white space and quotes, which vary between versions of SQLite.
std::string normalized(const std::string& sql) {
    std::string result;
    for (const char c : sql)
        if (c != '"' && !std::isspace(static_cast<unsigned char>(c))) result += c;
    return result;
}

/// Each object as "trigger spy", a line break, and its definition.
std::set<std::string> objects(Database& db) {
    std::set<std::string> objects;
    auto row = db.query("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master");
    while (row.step()) {
        const std::string type = row.text(0);
        const std::string name = row.text(1);
        // ANALYZE creates these tables.
        if (type == "table" && (name == "sqlite_stat1" || name == "sqlite_stat4")) continue;
        std::string object = type;
        object.append(" ").append(name).append("\n").append(row.text(2)).append("\n").append(normalized(row.text(3)));
        objects.insert(std::move(object));
    }
    return objects;
}

std::string title_of(const std::string& object) {
    return object.substr(0, std::min<std::size_t>(object.find('\n'), 100));
}

bool has_title(const std::set<std::string>& objects, const std::string& title) {
    const auto at = objects.lower_bound(title + "\n");
    return at != objects.end() && at->starts_with(title + "\n");
}

}  // namespace

std::optional<std::string> schema_problem(Database& db) {
    const std::int64_t version = db.pragma("user_version");
    if (version < 0 || version > Store::schema_version)
        return "its schema version is " + std::to_string(version) + ", which is invalid";
    Database sound(":memory:");
    for (int step = 0; step < version; ++step)
        sound.execute(steps[static_cast<std::size_t>(step)]);
    const auto wanted = objects(sound);
    const auto there = objects(db);
    for (const auto& object : there)
        if (!wanted.contains(object) && !has_title(wanted, title_of(object)))
            return "it contains the " + title_of(object) + ", which the sandbox does not create";
    for (const auto& object : wanted) {
        if (there.contains(object)) continue;
        const std::string title = title_of(object);
        return "its " + title + (has_title(there, title) ? " is defined differently" : " is missing");
    }
    return std::nullopt;
}

void prepare_schema(Database& db, const std::string& path) {
    const bool in_memory = path.empty();
    try {
        check_owner(db, path);
        if (!in_memory) db.execute("PRAGMA journal_mode = WAL");
        db.execute(in_memory ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = NORMAL");
        bring_up_to_date(db);
        db.execute("PRAGMA foreign_keys = ON");
    } catch (const SqliteError& error) {
        if (error.code() == SQLITE_NOTADB)
            throw ConfigError(path + ": not a SQLite database; use a new file or one that the sandbox created");
        if (error.code() == SQLITE_BUSY) throw ConfigError(path + ": in use by another process");
        throw ConfigError(path + ": cannot be used as database: " + error.what());
    }
}

}  // namespace intent::sandbox
