#include "database/sqlite.hpp"

#include <sqlite3.h>

#include <functional>

namespace intent::database {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n;") == text.npos; }

/// Refuses statements that a guest of the connection must not prepare.
class Restriction {
public:
    Restriction(sqlite3* db, std::string_view reserved) : db_(db), reserved_(reserved) {
        sqlite3_set_authorizer(db_, &Restriction::decide, this);
    }
    ~Restriction() { sqlite3_set_authorizer(db_, nullptr, nullptr); }
    Restriction(const Restriction&) = delete;
    Restriction& operator=(const Restriction&) = delete;

    /// Throws the reason if the error is a refusal.
    void explain(const SqliteError& error) const {
        if (error.code() == SQLITE_AUTH && !reason_.empty()) throw SqliteError(reason_, SQLITE_AUTH);
    }

private:
    static int decide(void* self, int action, const char* first, const char* second, const char*, const char*) {
        auto& restriction = *static_cast<Restriction*>(self);
        switch (action) {
            case SQLITE_TRANSACTION:
            case SQLITE_SAVEPOINT:
                return restriction.refuse("transactions cannot be controlled by SQL");
            case SQLITE_ATTACH:
            case SQLITE_DETACH:
                return restriction.refuse("other files cannot be attached");
            case SQLITE_INSERT:
            case SQLITE_UPDATE:
            case SQLITE_DELETE:
            case SQLITE_CREATE_TABLE:
            case SQLITE_CREATE_VIEW:
            case SQLITE_DROP_TABLE:
                return restriction.check(first);
            case SQLITE_ALTER_TABLE:
            case SQLITE_CREATE_INDEX:
            case SQLITE_CREATE_TRIGGER:
            case SQLITE_DROP_INDEX:
            case SQLITE_DROP_TRIGGER:
                return restriction.check(second);
        }
        return SQLITE_OK;
    }

    int check(const char* table) {
        if (table == nullptr || sqlite3_strnicmp(table, reserved_.c_str(), static_cast<int>(reserved_.size())) != 0)
            return SQLITE_OK;
        return refuse(std::string("the table ") + table + " is reserved");
    }
    int refuse(std::string reason) {
        reason_ = std::move(reason);
        return SQLITE_DENY;
    }

    sqlite3* db_;
    std::string reserved_;
    std::string reason_ = {};
};

}  // namespace

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

Statement& Statement::bind(double value) {
    check(sqlite3_bind_double(handle_, ++bound_, value));
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

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

int Statement::columns() const { return sqlite3_column_count(handle_); }

int Statement::parameters() const { return sqlite3_bind_parameter_count(handle_); }

std::string Statement::name(int column) const {
    const char* const name = sqlite3_column_name(handle_, column);
    return name != nullptr ? name : "";
}

ValueKind Statement::kind(int column) const {
    switch (sqlite3_column_type(handle_, column)) {
        case SQLITE_INTEGER:
            return ValueKind::integer;
        case SQLITE_FLOAT:
            return ValueKind::real;
        case SQLITE_TEXT:
            return ValueKind::text;
        case SQLITE_BLOB:
            return ValueKind::blob;
    }
    return ValueKind::null;
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
    for (const Statements& statements : {std::cref(statements_), std::cref(restricted_)})
        for (const auto& [sql, statement] : statements)
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

Statement Database::prepare_in(Statements& statements, std::string_view sql, bool alone) {
    auto& handle = statements[std::string(sql)];
    if (handle == nullptr) {
        const int size = static_cast<int>(sql.size());
        const char* rest = nullptr;
        const int result = sqlite3_prepare_v3(db_, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &handle, &rest);
        const bool is_one = !alone || (handle != nullptr && is_blank(std::string_view(rest, sql.data() + size)));
        if (result != SQLITE_OK || !is_one) {
            std::string reason = result != SQLITE_OK ? sqlite3_errmsg(db_) : "expected exactly one statement";
            const int code = result != SQLITE_OK ? result & 0xff : SQLITE_MISUSE;
            sqlite3_finalize(handle);
            statements.erase(std::string(sql));
            throw SqliteError(reason, code);
        }
    }
    return {db_, handle};
}

Statement Database::restricted(std::string_view sql, std::string_view reserved) {
    // An authorizer makes SQLite prepare all statements again, so it is set only for a new one.
    if (restricted_.contains(std::string(sql))) return prepare_in(restricted_, sql, true);
    Restriction restriction(db_, reserved);
    try {
        return prepare_in(restricted_, sql, true);
    } catch (const SqliteError& error) {
        restriction.explain(error);
        throw;
    }
}

void Database::execute_restricted(const std::string& sql, std::string_view reserved) {
    Restriction restriction(db_, reserved);
    try {
        execute(sql);
    } catch (const SqliteError& error) {
        restriction.explain(error);
        throw;
    }
}

bool Database::autocommit() const { return sqlite3_get_autocommit(db_) != 0; }

std::int64_t Database::total_changes() const { return sqlite3_total_changes64(db_); }

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

}  // namespace intent::database
