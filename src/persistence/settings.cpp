#include "database/sqlite_image.hpp"
#include "net/file.hpp"
#include "persistence/state.hpp"

#include <intent/errors.hpp>
#include <intent/settings.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace intent::inline v0 {

Settings::Settings(const std::string& path, SettingsOptions options)
    : state_(std::make_shared<detail::SettingsState>(path, options)) {
    detail::SettingsState::migrate(state_, options.migrations());
}

Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;
Settings::~Settings() = default;

void Settings::write(const detail::SettingInfo& key, const SettingOwner& owner, detail::StoredValue value) {
    SettingsTransaction transaction(state_);
    transaction.write(key, owner, std::move(value));
    transaction.commit();
}

bool Settings::remove(const detail::SettingInfo& key, const SettingOwner& owner) {
    SettingsTransaction transaction(state_);
    const bool removed = transaction.remove(key, owner);
    transaction.commit();
    return removed;
}

std::size_t Settings::remove_all(const SettingOwner& owner) {
    SettingsTransaction transaction(state_);
    const std::size_t count = transaction.remove_all(owner);
    transaction.commit();
    return count;
}

void Settings::modify(const detail::SettingInfo& key, const SettingOwner& owner, detail::ValueChange change) {
    SettingsTransaction transaction(state_);
    transaction.modify(key, owner, change);
    transaction.commit();
}

std::int64_t Settings::execute(std::string_view sql, const detail::SqlValues& values, std::size_t columns,
                               const detail::RowTaker* take) {
    SettingsTransaction transaction(state_);
    const auto changed = transaction.execute(sql, values, columns, take);
    transaction.commit();
    return changed;
}

SettingWatch Settings::watch(detail::ChangeListener listener) {
    return {state_, state_->calls().add(std::move(listener))};
}

SettingWatch& SettingWatch::operator=(SettingWatch&& other) noexcept {
    if (this != &other) {
        end();
        state_ = std::move(other.state_);
        id_ = other.id_;
    }
    return *this;
}

void SettingWatch::end() noexcept {
    if (const auto state = state_.lock()) state->calls().remove(id_);
    state_.reset();
}

void Settings::backup(const std::string& path) const {
    auto& store = state_->store();
    std::error_code error;
    if (path.empty() || path == ":memory:") throw ConfigError("the path of a backup must be that of a file");
    if (!store.in_memory() && std::filesystem::equivalent(store.path(), path, error))
        throw ConfigError(path + ": a backup cannot replace the file that it copies");

    const std::string fresh = path + ".new";
    std::filesystem::remove(fresh, error);  // left by a crash
    if (const auto problem = net::make_private_file(fresh); !problem.empty())
        throw SettingsError(SettingsFault::io, fresh + ": " + problem);
    try {
        persistence::translated(fresh, [&] {
            database::Database to(persistence::Store::file_name(fresh));
            if (store.in_memory()) {
                const detail::SettingsState::Lock lock(*state_);
                database::copy_database(store.database(), to);
            } else {
                // A connection of its own reads what is committed now, while others go on writing.
                database::Database from(persistence::Store::file_name(store.path()));
                database::copy_database(from, to);
            }
        });
        // A log that a crash has left beside an older copy would be applied to the new one.
        const auto lock = persistence::Store::lock(path);
        for (const char* left : {"-wal", "-shm"})
            std::filesystem::remove(path + left, error);
        if (const auto problem = net::move_file(fresh, path); !problem.empty())
            throw SettingsError(SettingsFault::io, path + ": " + problem);
    } catch (...) {
        std::filesystem::remove(fresh, error);
        throw;
    }
}

}  // namespace intent
