// The modules of a bot and their states.
#pragma once

#include "toolkit/commands/signal.hpp"

#include <intent/module.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::detail {

/// Threads: safe. Neither the bot's code nor that of a module runs with the lock.
class ModuleSet : public std::enable_shared_from_this<ModuleSet> {
public:
    ModuleSet(Client& client, std::optional<CommandGroup> commands);

    void add(std::string name, ModuleFactory factory);
    void load(std::string_view name);
    void load_all();
    /// Returns what is set when the object is destroyed.
    std::shared_ptr<toolkit::Signal> unload(std::string_view name);
    bool is_loaded(std::string_view name) const;
    std::vector<ModuleInfo> list() const;

    /// Unloads all, waits for their code on other threads, and lets no further one be loaded.
    void close() noexcept;

private:
    enum class State { unloaded, loading, loaded, unloading };

    struct Entry {
        std::string name;
        ModuleFactory factory;
        State state = State::unloaded;
        std::size_t place = 0;                            // in the order of loading
        std::shared_ptr<Module> module = {};              // while it is loaded, as the next one
        std::shared_ptr<void> object = {};                // of the bot's class
        std::shared_ptr<ScopeState> scope = {};           // of the last load
        std::shared_ptr<toolkit::Signal> destroyed = {};  // of the last load
    };
    struct Loaded;

    Entry& find(std::string_view name) const;
    void set_state(Entry& entry, State state) noexcept;
    void wait_unloaded(Entry& entry) noexcept;

    Client& client_;
    const std::optional<CommandGroup> commands_;
    mutable std::mutex mutex_;                     // guards what follows
    std::condition_variable changed_;              // a state
    std::vector<std::unique_ptr<Entry>> entries_;  // never removed
    std::size_t last_place_ = 0;
    bool is_closed_ = false;
};

}  // namespace intent::detail
