#include "persistence/store.hpp"

#include <intent/errors.hpp>

#include <sqlite3.h>

namespace intent::persistence {

namespace {

/// Identifies our files (`PRAGMA application_id`): "Intb".
constexpr std::int64_t application_id = 0x496e7462;
constexpr int schema_version = 1;

// `first` and `second` are those of SettingOwner, with the same bits. Released tables never change: add a step.
constexpr const char* version_1 = R"sql(
CREATE TABLE intent_settings (
    name TEXT NOT NULL, owner INTEGER NOT NULL, first INTEGER NOT NULL, second INTEGER NOT NULL, type TEXT NOT NULL,
    value ANY, PRIMARY KEY (name, owner, first, second)
) STRICT, WITHOUT ROWID;
CREATE INDEX intent_settings_by_owner ON intent_settings (owner, first, second);
CREATE TABLE intent_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, due INTEGER NOT NULL, payload TEXT NOT NULL
) STRICT;
CREATE INDEX intent_jobs_by_due ON intent_jobs (queue, due, id);
)sql";

SettingsError refusal(SettingsFault fault, const std::string& path, const std::string& why) {
    return {fault, path + ": " + why};
}

/// Creates the file if it is missing and locks it.
std::optional<net::FileLock> locked(const std::string& path) {
    if (path.empty()) throw ConfigError("the path of the settings is empty");
    if (path == ":memory:") return std::nullopt;
    if (net::kind_of_file(path) == net::FileKind::other)
        throw refusal(SettingsFault::io, path, "cannot be opened: not a regular file");
    // Create the file here, so that it is never readable by others. SQLite gives its auxiliary files the same mode.
    if (const auto problem = net::make_private_file(path); !problem.empty())
        throw refusal(SettingsFault::io, path, "cannot be opened: " + problem);
    return Store::lock(path);
}

SettingsFault fault_of(int code) {
    switch (code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return SettingsFault::busy;
        case SQLITE_FULL:
            return SettingsFault::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return SettingsFault::read_only;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return SettingsFault::damaged;
        case SQLITE_ERROR:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_MISUSE:
        case SQLITE_AUTH:
        case SQLITE_RANGE:
        case SQLITE_TOOBIG:
        case SQLITE_SCHEMA:
            return SettingsFault::sql;
    }
    return SettingsFault::io;
}

SettingOwner owner_at(const database::Statement& row, int first) {
    return {static_cast<SettingOwner::Kind>(row.integer(first)), row.id(first + 1), row.id(first + 2)};
}

int kind_of(const SettingOwner& owner) { return static_cast<int>(owner.kind()); }

}  // namespace

SettingsError settings_error(const std::string& place, const database::SqliteError& error) {
    const auto fault = fault_of(error.code());
    const char* const advice = fault == SettingsFault::damaged
                                   ? "; restore a backup, or move the file away to begin with a new one"
                               : fault == SettingsFault::busy ? "; another program holds a lock on it"
                                                              : "";
    return {fault, place + ": " + error.what() + advice};
}

void bind(database::Statement& statement, const detail::StoredValue& value) {
    using Kind = detail::StoredValue::Kind;
    switch (value.kind) {
        case Kind::none:
        case Kind::list:  // flat values only
            statement.bind(std::nullopt);
            break;
        case Kind::integer:
            statement.bind(value.integer);
            break;
        case Kind::real:
            statement.bind(value.real);
            break;
        case Kind::text:
            statement.bind(value.text);
            break;
    }
}

detail::StoredValue column(const database::Statement& statement, int number) {
    detail::StoredValue value;
    switch (statement.kind(number)) {
        case database::ValueKind::null:
            break;
        case database::ValueKind::integer:
            return detail::stored_integer(statement.integer(number));
        case database::ValueKind::real:
            value.kind = detail::StoredValue::Kind::real;
            value.real = statement.real(number);
            break;
        case database::ValueKind::text:
            return detail::stored_text(statement.text(number));
        case database::ValueKind::blob:
            throw database::SqliteError("column " + statement.name(number) + " holds a blob, which cannot be read",
                                        SQLITE_MISMATCH);
    }
    return value;
}

std::string Store::file_name(const std::string& path) {
    return path.starts_with(':') && path != ":memory:" ? "./" + path : path;
}

net::FileLock Store::lock(const std::string& path) {
    const std::string name = net::lock_of_file(path);
    auto attempt = net::FileLock::take(name);
    if (attempt.is_held)
        throw refusal(SettingsFault::busy, path,
                      "in use by " + attempt.holder_text() + "; end it first, or share one Settings within a process");
    if (!attempt.lock) throw refusal(SettingsFault::io, path, "its lock file " + name + " " + attempt.problem);
    return *std::move(attempt.lock);
}

bool Store::in_memory() const noexcept { return path_ == ":memory:"; }

Store::Store(const std::string& path, bool sync_every_change) try
    : path_(path), lock_(locked(path)), db_(file_name(path)) {
    prepare(sync_every_change);
} catch (const database::SqliteError& error) {
    throw settings_error(path, error);
}

void Store::prepare(bool sync_every_change) {
    const auto owner = db_.pragma("application_id");
    if (owner != 0 && owner != application_id)
        throw refusal(SettingsFault::damaged, path_, "belongs to another program; use a new file");
    if (!in_memory()) db_.execute("PRAGMA journal_mode = WAL");
    db_.execute(sync_every_change ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    db_.execute("PRAGMA foreign_keys = ON");
    database::Transaction transaction(db_);
    const bool is_new = !db_.query("SELECT 1 FROM sqlite_schema WHERE name = 'intent_versions'").step();
    if (is_new) {
        db_.execute("PRAGMA application_id = " + std::to_string(application_id));
        db_.execute("CREATE TABLE intent_versions (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
        db_.execute(version_1);
        set_version("intent", schema_version);
    } else if (const int found = version("intent"); found > schema_version) {
        throw refusal(SettingsFault::newer, path_,
                      "written by a newer version of the SDK (tables of version " + std::to_string(found) +
                          ", this one knows " + std::to_string(schema_version) + ")");
    }
    transaction.commit();
}

std::optional<TypedValue> Store::read(std::string_view name, const SettingOwner& owner) {
    auto row =
        db_.query("SELECT type, value FROM intent_settings WHERE name = ? AND owner = ? AND first = ? AND second = ?",
                  name, kind_of(owner), owner.first(), owner.second());
    if (!row.step()) return std::nullopt;
    return TypedValue{row.text(0), column(row, 1)};
}

void Store::write(std::string_view name, const SettingOwner& owner, const TypedValue& content) {
    auto statement = db_.query(
        "INSERT INTO intent_settings (name, owner, first, second, type, value) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT DO UPDATE SET type = excluded.type, value = excluded.value",
        name, kind_of(owner), owner.first(), owner.second(), content.type);
    bind(statement, content.value);
    statement.step();
}

bool Store::remove(std::string_view name, const SettingOwner& owner) {
    return db_.run("DELETE FROM intent_settings WHERE name = ? AND owner = ? AND first = ? AND second = ?", name,
                   kind_of(owner), owner.first(), owner.second()) > 0;
}

std::vector<std::pair<std::string, SettingOwner>> Store::remove_all(const SettingOwner& owner) {
    // Member = 4 (SettingOwner::Kind): `first` is its server, `second` its user.
    const std::uint64_t server = owner.kind() == SettingOwner::Kind::server ? owner.first() : 0;
    const std::uint64_t user = owner.kind() == SettingOwner::Kind::user ? owner.first() : 0;
    return db_
        .query(
            "DELETE FROM intent_settings WHERE (owner = ?1 AND first = ?2 AND second = ?3) "
            "OR (owner = 4 AND (first = ?4 OR second = ?5)) RETURNING name, owner, first, second",
            kind_of(owner), owner.first(), owner.second(), server, user)
        .all([](const database::Statement& row) { return std::pair(row.text(0), owner_at(row, 1)); });
}

std::vector<StoredSetting> Store::list(std::string_view name, std::optional<ServerId> server) {
    const auto read = [](const database::Statement& row) {
        return StoredSetting{row.text(0), owner_at(row, 1), {row.text(4), column(row, 5)}};
    };
    const std::string columns = "SELECT name, owner, first, second, type, value FROM intent_settings WHERE name = ?";
    if (!server) return db_.query(columns + " ORDER BY owner, first, second", name).all(read);
    // A range of the primary key. Member = 4 (SettingOwner::Kind).
    return db_.query(columns + " AND owner = 4 AND first = ? ORDER BY second", name, server->value).all(read);
}

int Store::version(std::string_view part) {
    auto row = db_.query("SELECT version FROM intent_versions WHERE part = ?", part);
    return row.step() ? row.small(0) : 0;
}

void Store::set_version(std::string_view part, int version) {
    db_.run("INSERT OR REPLACE INTO intent_versions (part, version) VALUES (?, ?)", part, version);
}

}  // namespace intent::persistence
