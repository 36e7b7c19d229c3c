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

namespace intent::sandbox {

/// An error of SQLite: its message and primary result code.
class SqliteError : public std::runtime_error {
public:
    SqliteError(const std::string& text, int code) : std::runtime_error(text), code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

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
    bool is_null(int column) const;
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
        : db_(std::exchange(other.db_, nullptr)), statements_(std::exchange(other.statements_, {})) {}
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

    /// The integer value of a pragma; 0 if it returns no row.
    std::int64_t pragma(const std::string& name);

    sqlite3* handle() noexcept { return db_; }

private:
    Statement prepare(std::string_view sql);
    int changes() const;

    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, sqlite3_stmt*> statements_;
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

}  // namespace intent::sandbox
