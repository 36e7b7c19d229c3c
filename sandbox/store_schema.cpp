#include "sandbox/store_schema.hpp"

#include "sandbox/store.hpp"

#include <intent/errors.hpp>

#include <sqlite3.h>

#include <filesystem>

namespace intent::sandbox {
namespace {

constexpr const char* tables = R"sql(
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

int pragma(Database& db, const std::string& name) {
    auto row = db.query("PRAGMA " + name);
    return row.step() ? static_cast<int>(row.integer(0)) : 0;
}

bool has_tables(Database& db) { return db.query("SELECT 1 FROM sqlite_master LIMIT 1").step(); }

void check_owner(Database& db, const std::string& path) {
    const int owner = pragma(db, "application_id");
    if (owner != application_id && (owner != 0 || has_tables(db)))
        throw ConfigError(
            path + ": this SQLite database belongs to another program; name a new file, or one that the sandbox made");
    const int version = pragma(db, "user_version");
    if (version > Store::schema_version)
        throw ConfigError(path + ": written by a newer version (schema " + std::to_string(version) +
                          ", this one knows up to " + std::to_string(Store::schema_version) +
                          "); use that version, or a new file");
}

void make_tables(Database& db) {
    Transaction transaction(db);
    db.execute(tables);
    db.execute("PRAGMA application_id = " + std::to_string(application_id));
    db.execute("PRAGMA user_version = " + std::to_string(Store::schema_version));
    transaction.commit();
}

}  // namespace

void prepare_schema(Database& db, const std::string& path) {
    const bool in_memory = path.empty();
    try {
        check_owner(db, path);
        if (!in_memory) {
            // The file holds tokens: for its owner's eyes. Before WAL, because the side files take over its mode.
            std::error_code ignored;
            std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                         ignored);
            db.execute("PRAGMA journal_mode = WAL");
        }
        db.execute(in_memory ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = NORMAL");
        db.execute("PRAGMA foreign_keys = ON");
        if (pragma(db, "user_version") == 0) make_tables(db);
    } catch (const SqliteError& error) {
        if (error.code() == SQLITE_NOTADB)
            throw ConfigError(path + ": not a SQLite database; name a new file, or one that the sandbox made");
        if (error.code() == SQLITE_BUSY) throw ConfigError(path + ": in use by another process");
        throw ConfigError(path + ": cannot be used as database: " + error.what());
    }
}

}  // namespace intent::sandbox
