#include "sandbox/store/sqlite.hpp"

#include <sqlite3.h>

namespace intent::sandbox {

Statement::~Statement() {
    if (handle_ == nullptr) return;
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) throw SqliteError(sqlite3_errmsg(db_), code & 0xff);
}

Statement& Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(handle_, ++bound_, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // A null pointer would bind NULL instead of an empty text.
    const char* data = text.data() != nullptr ? text.data() : "";
    check(sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(std::nullopt_t) {
    check(sqlite3_bind_null(handle_, ++bound_));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw SqliteError(sqlite3_errmsg(db_), code & 0xff);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::optional<std::string> Statement::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<int> Statement::optional_small(int column) const {
    if (is_null(column)) return std::nullopt;
    return small(column);
}

std::optional<Timestamp> Statement::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

Database::Database(const std::string& path) {
    const int code = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(db_, 2000);
        // The file is untrusted input: its schema must not call functions with side effects, and SQL must not rewrite
        // the schema table.
        sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        return;
    }
    const std::string text = db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    sqlite3_close(db_);
    throw SqliteError(text, code & 0xff);
}

Database::~Database() {
    for (auto& [sql, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(db_);
}

void Database::execute(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw SqliteError(sqlite3_errmsg(db_), sqlite3_errcode(db_) & 0xff);
}

std::int64_t Database::pragma(const std::string& name) {
    auto row = query("PRAGMA " + name);
    return row.step() ? row.integer(0) : 0;
}

Statement Database::prepare(std::string_view sql) {
    auto& handle = statements_[std::string(sql)];
    if (handle == nullptr) {
        const int size = static_cast<int>(sql.size());
        if (sqlite3_prepare_v3(db_, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK) {
            std::string reason = sqlite3_errmsg(db_);
            const int code = sqlite3_errcode(db_) & 0xff;
            statements_.erase(std::string(sql));
            throw SqliteError(reason, code);
        }
    }
    return {db_, handle};
}

int Database::changes() const { return sqlite3_changes(db_); }

Transaction::~Transaction() {
    if (done_) return;
    try {
        db_.execute("ROLLBACK");
    } catch (const SqliteError&) {
        // SQLite has already rolled back after the original error.
    }
}

void Transaction::commit() {
    db_.execute("COMMIT");
    done_ = true;
}

}  // namespace intent::sandbox
