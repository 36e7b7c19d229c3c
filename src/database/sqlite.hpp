// A thin layer over SQLite: one connection, cached prepared statements, errors as exceptions.
#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace intent::database {

/// An error of SQLite: its message and primary result code.
class SqliteError : public std::runtime_error {
public:
    SqliteError(const std::string& text, int code) : std::runtime_error(text), code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

/// How SQLite stores a value.
enum class ValueKind { null, integer, real, text, blob };

/// One use of a prepared statement: bind all parameters, then step. The destructor resets the statement, so at most one
/// use of the same SQL text may exist at a time.
class Statement {
public:
    Statement(sqlite3* db, sqlite3_stmt* handle) : db_(db), handle_(handle) {}
    Statement(Statement&& other) noexcept
        : db_(other.db_), handle_(std::exchange(other.handle_, nullptr)), bound_(other.bound_) {}
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(std::int64_t value);
    Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(double value);
    Statement& bind(bool value) { return bind(value ? 1 : 0); }
    Statement& bind(Timestamp time) { return bind(std::int64_t{time.time_since_epoch().count()}); }
    template <class Tag>
    Statement& bind(Snowflake<Tag> id) {
        return bind(id.value);
    }
    Statement& bind(std::string_view text);
    Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
    Statement& bind(const char* text) { return bind(std::string_view(text)); }
    Statement& bind(std::nullopt_t);
    template <class T>
    Statement& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind(std::nullopt);
    }

    /// True if a row is available. Columns count from 0.
    bool step();
    std::int64_t integer(int column) const;
    int small(int column) const { return static_cast<int>(integer(column)); }
    bool boolean(int column) const { return integer(column) != 0; }
    std::uint64_t id(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    Timestamp time(int column) const { return Timestamp(std::chrono::microseconds(integer(column))); }
    std::string text(int column) const;
    double real(int column) const;
    bool is_null(int column) const;
    ValueKind kind(int column) const;
    int columns() const;
    int parameters() const;
    std::string name(int column) const;
    std::optional<std::string> optional_text(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<int> optional_small(int column) const;
    std::optional<Timestamp> optional_time(int column) const;
    template <class Id>
    std::optional<Id> optional_id(int column) const {
        return is_null(column) ? std::nullopt : std::optional(Id{id(column)});
    }

    /// Steps to the first row and reads it; unset if there is no row.
    template <class Read>
    auto first(Read read) -> std::optional<std::invoke_result_t<Read, const Statement&>> {
        if (!step()) return std::nullopt;
        return read(*this);
    }
    /// Reads all rows.
    template <class Read>
    auto all(Read read) {
        std::vector<std::invoke_result_t<Read, const Statement&>> list;
        while (step())
            list.push_back(read(*this));
        return list;
    }

private:
    void check(int code) const;

    sqlite3* db_;
    sqlite3_stmt* handle_;
    int bound_ = 0;
};

/// Threads: one at a time.
class Database {
public:
    /// Opens or creates the file; `:memory:` keeps the database in memory.
    explicit Database(const std::string& path);
    Database(Database&& other) noexcept
        : db_(std::exchange(other.db_, nullptr)),
          statements_(std::exchange(other.statements_, {})),
          restricted_(std::exchange(other.restricted_, {})) {}
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs statements without parameters and result rows.
    void execute(const std::string& sql);

    /// Binds `values` to the statement, which is prepared on its first use.
    template <class... Values>
    Statement query(std::string_view sql, const Values&... values) {
        Statement statement = prepare(sql);
        (statement.bind(values), ...);
        return statement;
    }

    /// Runs a statement and ignores its result rows; returns the number of changed rows.
    template <class... Values>
    int run(std::string_view sql, const Values&... values) {
        query(sql, values...).step();
        return changes();
    }

    /// A statement whose text comes from a program that must not disturb the owner of this connection: one statement,
    /// which neither begins nor ends a transaction, attaches no other file, and changes no table whose name begins with
    /// `reserved`.
    ///
    /// Errors: SqliteError with the code of SQLITE_AUTH and a text that names the reason.
    Statement restricted(std::string_view sql, std::string_view reserved);
    /// The same for several statements without parameters and result rows, which are executed.
    void execute_restricted(const std::string& sql, std::string_view reserved);

    /// The number of rows that the last INSERT, UPDATE or DELETE changed.
    int changes() const;
    /// The number of rows that all statements of this connection have changed, including those of triggers.
    std::int64_t total_changes() const;

    /// False within a transaction. Some errors, such as a full disk, end one.
    bool autocommit() const;

    /// The integer value of a pragma; 0 if it returns no row.
    std::int64_t pragma(const std::string& name);

    sqlite3* handle() noexcept { return db_; }

private:
    using Statements = std::unordered_map<std::string, sqlite3_stmt*>;

    Statement prepare(std::string_view sql) { return prepare_in(statements_, sql, false); }
    Statement prepare_in(Statements& statements, std::string_view sql, bool alone);

    sqlite3* db_ = nullptr;
    Statements statements_;
    Statements restricted_;
};

/// The destructor rolls back unless `commit` was called.
class Transaction {
public:
    explicit Transaction(Database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& db_;
    bool done_ = false;
};

}  // namespace intent::database
