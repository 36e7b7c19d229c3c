// Reading and writing settings and tables, for `Settings` and its transactions alike.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/stored.hpp>
#include <intent/settings/errors.hpp>
#include <intent/settings/setting.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// A value of a Setting and whose it is.
template <class T>
struct SettingEntry {
    SettingOwner owner;  ///< whose it is
    T value;             ///< the value
};

class SettingsAccess;

namespace detail {

/// A reference to a function that makes the new value from the stored one.
class ValueChange {
public:
    template <class F>
    explicit ValueChange(F& function)
        : function_(&function),
          call_([](void* erased, const StoredValue* stored) { return (*static_cast<F*>(erased))(stored); }) {}
    StoredValue operator()(const StoredValue* stored) const { return call_(function_, stored); }

private:
    void* function_;
    StoredValue (*call_)(void* function, const StoredValue* stored);
};

/// A reference to a function that takes the columns of a row.
class RowTaker {
public:
    template <class F>
    explicit RowTaker(F& function)
        : function_(&function),
          call_([](void* erased, const std::vector<StoredValue>& row) { (*static_cast<F*>(erased))(row); }) {}
    void operator()(const std::vector<StoredValue>& row) const { call_(function_, row); }

private:
    void* function_;
    void (*call_)(void* function, const std::vector<StoredValue>& row);
};

using SqlValues = std::vector<StoredValue>;
struct OwnedValue {
    SettingOwner owner;
    StoredValue value;
};

/// Converts a stored value. Errors: SettingsError that names the key, the owner, what was found and what is expected.
template <class T>
T read_value(const SettingInfo& info, const SettingOwner& owner, const StoredValue& value);
[[noreturn]] INTENT_API void wrong_value(const SettingInfo& info, const SettingOwner& owner, std::string_view what);
[[noreturn]] INTENT_API void wrong_column(std::size_t column, std::string_view what);
/// Errors: ConfigError if the sum does not fit.
INTENT_API std::int64_t sum(std::int64_t left, std::int64_t right);

template <class T>
struct SqlValue {
    static StoredValue to(const T& value) {
        require_stored<T>();
        return Stored<T>::to(value);
    }
};
template <>
struct SqlValue<std::string_view> {
    static StoredValue to(std::string_view value) { return stored_text(value); }
};
template <>
struct SqlValue<const char*> {
    static StoredValue to(const char* value) { return stored_text(value); }
};
template <>
struct SqlValue<std::nullopt_t> {
    static StoredValue to(std::nullopt_t) { return {}; }
};

template <class T>
T take_column(const SqlValues& row, std::size_t& next);

}  // namespace detail

/// The bot's own tables in the file of a Settings. Each statement is one transaction, or part of the Transaction that
/// it comes from. Parameters (`?`) and columns have the types of settings; lists and structs are JSON arrays as text.
///
///     db.run("INSERT INTO notes (author, text) VALUES (?, ?)", message.author.id, text);
///     for (auto& [id, text] : db.rows<std::int64_t, std::string>("SELECT id, text FROM notes WHERE author = ?", user))
///
/// Create tables in a migration. Refused are SQL that begins or ends transactions, several statements in one text,
/// other files, and changes of tables whose names begin with `intent_`.
///
/// Errors: SettingsError; ConfigError for a number of parameters or columns that is not that of the statement.
/// Lifetime: as the object that it comes from. Threads: as that object.
class SettingsDatabase {
public:
    /// Returns the number of rows that the statement has inserted, changed or deleted.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values) const;

    /// All rows, as tuples; of one column, its values. Cost: all rows are in memory.
    template <class... Columns, class... Values>
    auto rows(std::string_view sql, const Values&... values) const;

    /// The first row, if there is one.
    template <class... Columns, class... Values>
    auto row(std::string_view sql, const Values&... values) const;

private:
    friend class SettingsAccess;
    explicit SettingsDatabase(SettingsAccess& access) : access_(&access) {}
    SettingsAccess* access_;
};

/// What `Settings` and `Settings::Transaction` have in common.
///
/// Errors: SettingsError from every function; ConfigError for an owner with an unset id, and for a value that cannot be
/// stored (a NaN, an unsigned integer of 2^63 or more).
class INTENT_API SettingsAccess {
public:
    /// The value, or the initial one of the Setting while none is set.
    template <class T>
    T get(const Setting<T>& key, SettingOwner owner = global) const {
        auto found = find(key, owner);
        return found ? *std::move(found) : key.initial();
    }

    /// The value, if one is set.
    template <class T>
    std::optional<T> find(const Setting<T>& key, SettingOwner owner = global) const {
        const auto stored = read(key.info(), owner);
        if (!stored) return std::nullopt;
        return detail::read_value<T>(key.info(), owner, *stored);
    }

    /// Sets the value.
    template <class T>
    void set(const Setting<T>& key, SettingOwner owner, const std::type_identity_t<T>& value) {
        write(key.info(), owner, detail::Stored<T>::to(value));
    }

    /// Removes the value, so that the initial one counts. Returns false if none was set.
    template <class T>
    bool reset(const Setting<T>& key, SettingOwner owner = global) {
        return remove(key.info(), owner);
    }

    /// Removes the values of all settings of an owner; of a server and of a user, also those of its members. Returns
    /// their number. For servers that the bot has left, and for users who want to be forgotten.
    std::size_t forget(SettingOwner owner) { return remove_all(owner); }

    /// Replaces the value by what `function` makes of it, and returns the new one. No other change comes in between.
    /// `function` takes a T and returns one. It must not use the Settings. If it throws, nothing changes.
    template <class T, class F>
    T update(const Setting<T>& key, SettingOwner owner, F function) {
        static_assert(std::is_invocable_r_v<T, F&, T>, "intent: a function for update takes a T and returns a T");
        std::optional<T> result;
        auto apply = [&](const detail::StoredValue* stored) {
            result.emplace(
                function(stored != nullptr ? detail::read_value<T>(key.info(), owner, *stored) : key.initial()));
            return detail::Stored<T>::to(*result);
        };
        modify(key.info(), owner, detail::ValueChange(apply));
        return *std::move(result);
    }

    /// Adds to a number or a duration, and returns the sum. No other change comes in between.
    ///
    /// Errors: ConfigError if the sum does not fit into T; nothing changes then.
    template <class T>
    T add(const Setting<T>& key, SettingOwner owner, std::type_identity_t<T> delta) {
        using Of = detail::Stored<T>;
        return update(key, owner, [&](T value) -> T {
            if constexpr (std::is_floating_point_v<T>) {
                return value + delta;
            } else {
                auto result = Of::to(value);
                result.integer = detail::sum(result.integer, Of::to(delta).integer);
                try {
                    return Of::from(result);
                } catch (const Error&) {
                    detail::too_large("a sum");
                }
            }
        });
    }

    /// All values that are set, ordered by owner.
    template <class T>
    std::vector<SettingEntry<T>> all(const Setting<T>& key) const {
        return entries(key, list(key.info(), std::nullopt));
    }

    /// The values of the members of a server, ordered by user: `for (const auto& [owner, value] : settings.all(coins,
    /// server))`, with `owner.user()`. Cost: of these values alone, however many others there are.
    template <class T>
    std::vector<SettingEntry<T>> all(const Setting<T>& key, ServerId server) const {
        return entries(key, list(key.info(), server));
    }

    /// Calls `function(SettingOwner, const T&)` for each value of `all`, without a lock.
    template <class T, class F>
    void for_each(const Setting<T>& key, F function) const {
        for (const auto& [owner, value] : all(key))
            function(owner, value);
    }
    template <class T, class F>
    void for_each(const Setting<T>& key, ServerId server, F function) const {
        for (const auto& [owner, value] : all(key, server))
            function(owner, value);
    }

    /// The bot's own tables.
    SettingsDatabase database() { return SettingsDatabase(*this); }

protected:
    SettingsAccess() = default;
    SettingsAccess(const SettingsAccess&) = default;
    SettingsAccess& operator=(const SettingsAccess&) = default;
    virtual ~SettingsAccess() = default;

private:
    friend class SettingsDatabase;
    template <class T>
    static std::vector<SettingEntry<T>> entries(const Setting<T>& key, const std::vector<detail::OwnedValue>& values) {
        std::vector<SettingEntry<T>> entries;
        for (const auto& one : values)
            entries.push_back({one.owner, detail::read_value<T>(key.info(), one.owner, one.value)});
        return entries;
    }

    virtual std::optional<detail::StoredValue> read(const detail::SettingInfo& key,
                                                    const SettingOwner& owner) const = 0;
    virtual void write(const detail::SettingInfo& key, const SettingOwner& owner, detail::StoredValue value) = 0;
    virtual bool remove(const detail::SettingInfo& key, const SettingOwner& owner) = 0;
    virtual std::size_t remove_all(const SettingOwner& owner) = 0;
    virtual void modify(const detail::SettingInfo& key, const SettingOwner& owner, detail::ValueChange change) = 0;
    /// All values, or those of the members of a server.
    virtual std::vector<detail::OwnedValue> list(const detail::SettingInfo& key,
                                                 std::optional<ServerId> server) const = 0;
    /// Returns the number of changed rows. `columns` is that of the caller, 0 if it takes no rows.
    virtual std::int64_t execute(std::string_view sql, const detail::SqlValues& values, std::size_t columns,
                                 const detail::RowTaker* take) = 0;
};

template <class T>
T detail::read_value(const SettingInfo& info, const SettingOwner& owner, const StoredValue& value) {
    try {
        return Stored<T>::from(value);
    } catch (const BadStoredValue& problem) {
        wrong_value(info, owner, describe_problem<T>(problem));
    }
}

template <class T>
T detail::take_column(const SqlValues& row, std::size_t& next) {
    require_stored<T>();
    const std::size_t column = next++;
    try {
        return Stored<T>::from(row.at(column));
    } catch (const BadStoredValue& problem) {
        wrong_column(column + 1, describe_problem<T>(problem));
    }
}

template <class... Values>
std::int64_t SettingsDatabase::run(std::string_view sql, const Values&... values) const {
    return access_->execute(sql, {detail::SqlValue<std::decay_t<const Values&>>::to(values)...}, 0, nullptr);
}

template <class... Columns, class... Values>
auto SettingsDatabase::rows(std::string_view sql, const Values&... values) const {
    static_assert(sizeof...(Columns) > 0,
                  "intent: name the types of the columns: rows<std::int64_t, std::string>(sql)");
    using Row = std::conditional_t<sizeof...(Columns) == 1, std::tuple_element_t<0, std::tuple<Columns...>>,
                                   std::tuple<Columns...>>;
    std::vector<Row> all;
    auto take = [&all](const detail::SqlValues& row) {
        std::size_t next = 0;
        all.push_back(Row{detail::take_column<Columns>(row, next)...});
    };
    const detail::RowTaker taker(take);
    access_->execute(sql, {detail::SqlValue<std::decay_t<const Values&>>::to(values)...}, sizeof...(Columns), &taker);
    return all;
}

template <class... Columns, class... Values>
auto SettingsDatabase::row(std::string_view sql, const Values&... values) const {
    auto all = rows<Columns...>(sql, values...);
    using Row = typename decltype(all)::value_type;
    return all.empty() ? std::optional<Row>() : std::optional<Row>(std::move(all.front()));
}

}  // namespace intent
