// What a Settings, its transactions and its watches share.
#pragma once

#include "persistence/change_calls.hpp"
#include "persistence/store.hpp"
#include "persistence/value_cache.hpp"

#include <intent/settings.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace intent::inline v0::detail {

/// Threads: safe; `store` under the lock that `locked` returns.
class SettingsState {
public:
    /// The lock of the file. While it is held, its thread gets a UsageError for another one.
    class Lock {
    public:
        explicit Lock(SettingsState& state);
        ~Lock();
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

    private:
        SettingsState& state_;
    };

    SettingsState(const std::string& path, const SettingsOptions& options)
        : store_(path, options.syncs_every_change()), cache_(options.cached_values()), calls_(options.log()) {}

    /// Runs the migrations that the file has not seen. Errors: as the constructor of Settings.
    static void migrate(const std::shared_ptr<SettingsState>& state, std::vector<Migration> migrations);

    persistence::Store& store() noexcept { return store_; }
    persistence::ValueCache& cache() noexcept { return cache_; }
    persistence::ChangeCalls& calls() noexcept { return calls_; }

    /// Errors: UsageError inside a transaction of this thread.
    void refuse_nested() const;

private:
    std::mutex mutex_;
    std::atomic<std::thread::id> holder_ = {};
    persistence::Store store_;
    persistence::ValueCache cache_;
    persistence::ChangeCalls calls_;
};

}  // namespace intent::detail
