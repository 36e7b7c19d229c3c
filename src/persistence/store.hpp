// The file: whose it is, its tables, and the values in it.
#pragma once

#include "database/sqlite.hpp"
#include "net/file_lock.hpp"

#include <intent/detail/stored_value.hpp>
#include <intent/settings/errors.hpp>
#include <intent/settings/setting.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::persistence {

/// Tables whose names begin so are the SDK's.
inline constexpr std::string_view reserved_tables = "intent_";

/// A value with the name of its type, as the file holds it.
struct TypedValue {
    std::string type;
    detail::StoredValue value;
};

struct StoredSetting {
    std::string name;
    SettingOwner owner;
    TypedValue content;
};

/// The error for a failure of SQLite. `place` is the file.
SettingsError settings_error(const std::string& place, const database::SqliteError& error);

/// Calls `f` and turns its SqliteError into a SettingsError.
template <class F>
decltype(auto) translated(const std::string& place, F f) {
    try {
        return f();
    } catch (const database::SqliteError& error) {
        throw settings_error(place, error);
    }
}

/// Binds a value, after those that are bound already.
void bind(database::Statement& statement, const detail::StoredValue& value);
/// Reads a column. Errors: SqliteError for a blob.
detail::StoredValue column(const database::Statement& statement, int number);

/// Errors: SqliteError from every function.
/// Threads: one at a time.
class Store {
public:
    /// Opens the file or creates it with mode 0600, and brings the SDK's own tables up to date. The lock file
    /// `<file>.lock` names this process and keeps others out.
    ///
    /// Errors: SettingsError; ConfigError for an empty path.
    Store(const std::string& path, bool sync_every_change);

    const std::string& path() const noexcept { return path_; }
    bool in_memory() const noexcept;
    database::Database& database() noexcept { return db_; }
    /// Keeps other stores from opening the file. Errors: SettingsError.
    static net::FileLock lock(const std::string& path);
    /// A name that SQLite takes for nothing but a file.
    static std::string file_name(const std::string& path);

    std::optional<TypedValue> read(std::string_view name, const SettingOwner& owner);
    void write(std::string_view name, const SettingOwner& owner, const TypedValue& content);
    bool remove(std::string_view name, const SettingOwner& owner);
    /// Returns what was removed; see SettingsAccess::forget.
    std::vector<std::pair<std::string, SettingOwner>> remove_all(const SettingOwner& owner);
    /// All values, or those of the members of a server.
    std::vector<StoredSetting> list(std::string_view name, std::optional<ServerId> server);

    /// The version of a part of the tables: "intent" or "bot".
    int version(std::string_view part);
    void set_version(std::string_view part, int version);

private:
    void prepare(bool sync_every_change);

    std::string path_;
    std::optional<net::FileLock> lock_;
    database::Database db_;
};

}  // namespace intent::persistence
