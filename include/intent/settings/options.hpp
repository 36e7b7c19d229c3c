// Options of `Settings`.
#pragma once

#include <intent/detail/keep_function.hpp>
#include <intent/log.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class SettingsTransaction;

namespace detail {

/// One step from a version of the bot's tables to the next: SQL, or a function.
struct Migration {
    int version = 0;
    std::string sql = {};
    std::shared_ptr<void> function = {};
    void (*call)(void* function, SettingsTransaction& transaction) = nullptr;
};

}  // namespace detail

/// Options of a Settings. All have defaults.
///
///     intent::Settings settings("bot.db", intent::SettingsOptions()
///         .migration(1, "CREATE TABLE notes (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, text TEXT NOT NULL)")
///         .migration(2, [](intent::Settings::Transaction& t) { t.database().run("…"); }));
class SettingsOptions {
public:
    /// A step of the bot's own tables, 1, 2, 3, … without a gap: SQL of one or more statements, or a function that
    /// takes a `Settings::Transaction&`. The constructor of Settings runs those that the file has not seen yet, in
    /// order, each once and in a transaction of its own. Never change a migration that some file has seen: add another
    /// one.
    SettingsOptions& migration(int version, std::string sql) {
        migrations_.push_back({version, std::move(sql), {}, nullptr});
        return *this;
    }
    SettingsOptions& migration(int version, const char* sql) { return migration(version, std::string(sql)); }
    template <class F>
    requires std::is_invocable_v<F&, SettingsTransaction&> SettingsOptions& migration(int version, F function) {
        static_assert(std::is_void_v<std::invoke_result_t<F&, SettingsTransaction&>>,
                      "intent: a migration is a function that returns nothing, and no coroutine");
        migrations_.push_back(
            {version, {}, detail::keep_function<F>(std::move(function)), [](void* erased, SettingsTransaction& t) {
                 (*static_cast<F*>(erased))(t);
             }});
        return *this;
    }

    /// Wait for the disk at the end of every change. Off by default: a power cut or a crash of the system can then lose
    /// the changes of the last moments (not more than since the last checkpoint, at most about 4 MB of changes), but
    /// leaves the file intact; the end of the process loses nothing. On: a change that has returned is never lost, and
    /// takes as long as the disk, often some milliseconds.
    SettingsOptions& sync_every_change(bool yes = true) { return sync_ = yes, *this; }

    /// How many values are kept in memory; 10,000 by default. 0: none.
    SettingsOptions& cached_values(std::size_t most) { return cached_ = most, *this; }

    /// Receives what functions of `on_change` throw; null: no log.
    SettingsOptions& log(std::shared_ptr<LogSink> sink) { return log_ = std::move(sink), *this; }

    /// The steps of `migration`.
    const std::vector<detail::Migration>& migrations() const noexcept { return migrations_; }
    /// Whether every change waits for the disk.
    bool syncs_every_change() const noexcept { return sync_; }
    /// The number of values that are kept in memory.
    std::size_t cached_values() const noexcept { return cached_; }
    /// Where errors of functions are logged.
    const std::shared_ptr<LogSink>& log() const noexcept { return log_; }

private:
    std::vector<detail::Migration> migrations_ = {};
    bool sync_ = false;
    std::size_t cached_ = 10'000;
    std::shared_ptr<LogSink> log_ = stderr_log(LogLevel::warn);
};

}  // namespace intent
