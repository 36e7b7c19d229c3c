// What a bot remembers across restarts: typed values, and its own tables, in a SQLite file. The CMake component
// `settings`.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/settings/access.hpp>
#include <intent/settings/errors.hpp>
#include <intent/settings/options.hpp>
#include <intent/settings/setting.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

namespace detail {

class SettingsState;
class StoredJobs;

/// A function of `on_change`.
struct ChangeListener {
    std::string name = {};
    std::shared_ptr<void> function = {};
    /// `value` is null after a reset.
    void (*call)(void* function, const SettingOwner& owner, const StoredValue* value) = nullptr;
};

template <class R>
concept CoroutineResult = requires {
    typename std::coroutine_traits<R, SettingsTransaction&>::promise_type;
};

}  // namespace detail

/// A transaction, for the function that `Settings::transaction` runs. Threads: the one of that function.
class INTENT_API SettingsTransaction final : public SettingsAccess {
public:
    SettingsTransaction(const SettingsTransaction&) = delete;
    SettingsTransaction& operator=(const SettingsTransaction&) = delete;

private:
    friend class Settings;
    friend class detail::SettingsState;
    explicit SettingsTransaction(std::shared_ptr<detail::SettingsState> state);
    ~SettingsTransaction() override;
    void commit();

    std::optional<detail::StoredValue> read(const detail::SettingInfo& key, const SettingOwner& owner) const override;
    void write(const detail::SettingInfo& key, const SettingOwner& owner, detail::StoredValue value) override;
    bool remove(const detail::SettingInfo& key, const SettingOwner& owner) override;
    std::size_t remove_all(const SettingOwner& owner) override;
    void modify(const detail::SettingInfo& key, const SettingOwner& owner, detail::ValueChange change) override;
    std::vector<detail::OwnedValue> list(const detail::SettingInfo& key, std::optional<ServerId> server) const override;
    std::int64_t execute(std::string_view sql, const detail::SqlValues& values, std::size_t columns,
                         const detail::RowTaker* take) override;

    struct Running;
    std::unique_ptr<Running> running_;
};

/// The registration of a function with `Settings::on_change`. The destructor ends it.
class [[nodiscard]] INTENT_API SettingWatch {
public:
    SettingWatch() = default;
    SettingWatch(SettingWatch&& other) noexcept = default;
    SettingWatch& operator=(SettingWatch&& other) noexcept;
    ~SettingWatch() { end(); }

    /// The function is not called after this returns, but a call that has begun continues. Any number of times.
    void end() noexcept;

private:
    friend class Settings;
    SettingWatch(std::weak_ptr<detail::SettingsState> state, std::uint64_t id) : state_(std::move(state)), id_(id) {}
    std::weak_ptr<detail::SettingsState> state_ = {};
    std::uint64_t id_ = 0;
};

/// What a bot remembers across restarts: typed values per server, channel, user, member, or global, and tables of its
/// own, in one SQLite file.
///
///     const intent::Setting<std::string> prefix("prefix", "!");
///     const intent::Setting<std::int64_t> coins("coins");
///
///     intent::Settings settings("bot.db");
///     settings.set(prefix, server_id, "?");
///     settings.get(prefix, server_id);                                       // "?"; "!" for other servers
///     settings.add(coins, intent::MemberId{server_id, user_id}, 100);        // atomic
///
/// Calls are synchronous. A cached read takes less than a microsecond, another read or a change some ten microseconds;
/// a change may wait for the disk. So handlers call it directly. A change that has returned survives the end of the
/// process, however it ends; `SettingsOptions::sync_every_change` covers power cuts.
///
/// One process at a time: a second one is refused, because it would not see what the first one keeps in memory.
///
/// Lifetime: end before this object is destroyed what uses it. Threads: safe, except for moving and destroying it.
class INTENT_API Settings final : public SettingsAccess {
public:
    using Transaction = SettingsTransaction;  ///< what the function of `transaction` takes

    /// Opens the file, or creates it with mode 0600; `:memory:` keeps everything in memory, for tests. Then runs the
    /// migrations that the file has not seen.
    ///
    /// Errors: SettingsError, if the file cannot be used; ConfigError for an empty path or misnumbered migrations; what
    /// a migration throws, which leaves the file at the version before that migration.
    explicit Settings(const std::string& path, SettingsOptions options = {});
    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;
    ~Settings() override;

    /// Calls `function(Transaction&)` and commits what it has done; if it throws, nothing has changed. Returns what it
    /// returns. Until then all other threads that change settings wait, so it must be quick.
    ///
    /// It must use the Transaction for everything: calls of the Settings inside it, including another transaction, are
    /// refused with a UsageError. It must not be a coroutine (which does not compile): a transaction that waits for
    /// requests would block every handler. Read first, await, then change in a transaction that checks again.
    template <class F>
    auto transaction(F function) -> std::invoke_result_t<F&, Transaction&> {
        using R = std::invoke_result_t<F&, Transaction&>;
        static_assert(!detail::CoroutineResult<R>,
                      "intent: a transaction cannot be a coroutine: nothing may be awaited while it is open");
        if constexpr (!detail::CoroutineResult<R>) {
            Transaction transaction(state_);
            if constexpr (std::is_void_v<R>) {
                function(transaction);
                transaction.commit();
            } else {
                R result = function(transaction);
                transaction.commit();
                return result;
            }
        }
    }

    /// Calls `function(SettingOwner, const T&)` after each committed change of a Setting, with the new value, or the
    /// initial one after a reset. The calls of all functions come in the order of the changes, one at a time, without a
    /// lock: they may use the Settings. They run on a thread that changes a setting, usually before its call returns;
    /// when several threads change settings at once, one of them makes the calls for all.
    ///
    /// What the function throws is logged (`SettingsOptions::log`).
    template <class T, class F>
    SettingWatch on_change(const Setting<T>& key, F function) {
        static_assert(std::is_invocable_v<F&, SettingOwner, const T&>,
                      "intent: a function for on_change takes an intent::SettingOwner and a const T&");
        struct Listener {
            Setting<T> key;
            F function;
        };
        const auto call = [](void* erased, const SettingOwner& owner, const detail::StoredValue* value) {
            auto& listener = *static_cast<Listener*>(erased);
            if (value == nullptr) {
                listener.function(owner, listener.key.initial());
            } else {
                listener.function(owner, detail::read_value<T>(listener.key.info(), owner, *value));
            }
        };
        return watch({key.name(), std::make_shared<Listener>(Listener{key, std::move(function)}), call});
    }

    /// Writes a copy of everything that is committed to a file of its own, with mode 0600, while the bot runs. An
    /// existing file is replaced once the copy is complete and on the disk. Changes go on meanwhile, except with
    /// `:memory:`. Blocks for as long as the disk takes, so call it on a thread of yours if the file is large.
    ///
    /// Errors: SettingsError, which leaves an existing file as it was, also if a Settings has that file open;
    /// ConfigError if `path` is the file itself.
    void backup(const std::string& path) const;

private:
    friend class detail::StoredJobs;
    SettingWatch watch(detail::ChangeListener listener);

    std::optional<detail::StoredValue> read(const detail::SettingInfo& key, const SettingOwner& owner) const override;
    void write(const detail::SettingInfo& key, const SettingOwner& owner, detail::StoredValue value) override;
    bool remove(const detail::SettingInfo& key, const SettingOwner& owner) override;
    std::size_t remove_all(const SettingOwner& owner) override;
    void modify(const detail::SettingInfo& key, const SettingOwner& owner, detail::ValueChange change) override;
    std::vector<detail::OwnedValue> list(const detail::SettingInfo& key, std::optional<ServerId> server) const override;
    std::int64_t execute(std::string_view sql, const detail::SqlValues& values, std::size_t columns,
                         const detail::RowTaker* take) override;

    std::shared_ptr<detail::SettingsState> state_;
};

}  // namespace intent
