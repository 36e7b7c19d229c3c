#include "toolkit/modules/module_set.hpp"

#include "text/quoted.hpp"

#include <intent/detail/in_scope.hpp>
#include <intent/detail/scope_control.hpp>
#include <intent/errors.hpp>

#include <algorithm>
#include <utility>

namespace intent::inline v0::detail {

namespace {

std::string module_text(std::string_view name) { return "module " + text::quoted(name) + ": "; }

}  // namespace

/// A loaded module, destroyed when no code of it is left.
struct ModuleSet::Loaded {
    Loaded(std::shared_ptr<ModuleSet> of, Entry& what)
        : set(std::move(of)),
          entry(what),
          module(std::move(what.module)),
          object(std::move(what.object)),
          destroyed(what.destroyed) {}
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;
    ~Loaded() {
        const InScope outside(nullptr);  // what destructors start belongs to no scope
        object.reset();
        module.reset();
        functions.reset();
        set->set_state(entry, State::unloaded);
        destroyed->set();
    }

    std::shared_ptr<ModuleSet> set;
    Entry& entry;
    std::shared_ptr<Module> module;
    std::shared_ptr<void> object;
    std::shared_ptr<void> functions = {};
    std::shared_ptr<toolkit::Signal> destroyed;
};

ModuleSet::ModuleSet(Client& client, std::optional<CommandGroup> commands)
    : client_(client), commands_(std::move(commands)) {}

ModuleSet::Entry& ModuleSet::find(std::string_view name) const {
    const auto found = std::ranges::find(entries_, name, [](const auto& entry) { return entry->name; });
    if (found == entries_.end()) throw ConfigError(module_text(name) + "there is no such module");
    return **found;
}

void ModuleSet::set_state(Entry& entry, State state) noexcept {
    const std::lock_guard lock(mutex_);
    entry.state = state;
    changed_.notify_all();
}

void ModuleSet::add(std::string name, ModuleFactory factory) {
    if (name.empty() || name.find_first_of(" \t\r\n") != std::string::npos)
        throw ConfigError(module_text(name) + "a name is one word");
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_)
        if (entry->name == name) throw ConfigError(module_text(name) + "the name is taken");
    auto entry = std::make_unique<Entry>();
    entry->name = std::move(name);
    entry->factory = std::move(factory);
    entries_.push_back(std::move(entry));
}

void ModuleSet::load(std::string_view name) {
    Entry* entry = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_) throw CancelledError(module_text(name) + "the Modules were destroyed");
        entry = &find(name);
        if (entry->state == State::loaded) throw ConfigError(module_text(name) + "it is already loaded");
        if (entry->state == State::loading) throw ConfigError(module_text(name) + "it is being loaded");
        if (entry->state == State::unloading) throw ConfigError(module_text(name) + "it is still being unloaded");
        entry->state = State::loading;
    }
    const InScope outside(nullptr);  // what the constructor starts does not belong to the caller's scope
    std::shared_ptr<Module> module;
    std::shared_ptr<void> object;
    try {
        module.reset(new Module(client_, commands_, entry->name));
        object = entry->factory.create(entry->factory.arguments.get(), *module);
    } catch (...) {
        module.reset();  // removes its commands and ends its scope
        set_state(*entry, State::unloaded);
        throw;
    }
    {
        const std::lock_guard lock(mutex_);
        entry->module = module;
        entry->object = std::move(object);
        entry->scope = module->scope_state();
        entry->destroyed = std::make_shared<toolkit::Signal>();
        entry->place = ++last_place_;
        entry->state = State::loaded;
        changed_.notify_all();
    }
    module->begin();
}

void ModuleSet::load_all() {
    for (const auto& module : list())
        if (!module.is_loaded) load(module.name);
}

std::shared_ptr<toolkit::Signal> ModuleSet::unload(std::string_view name) {
    std::shared_ptr<Loaded> loaded;
    std::shared_ptr<ScopeState> scope;
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = find(name);
        if (entry.state == State::loading) throw ConfigError(module_text(name) + "it is being loaded");
        if (entry.state != State::loaded) throw ConfigError(module_text(name) + "it is not loaded");
        loaded = std::make_shared<Loaded>(shared_from_this(), entry);
        scope = entry.scope;
        entry.state = State::unloading;
    }
    auto destroyed = loaded->destroyed;
    // The commands first: a line that arrives now finds no command, or that of another module.
    loaded->functions = loaded->module->remove_commands();
    end_scope_soon(*scope, std::move(loaded));
    return destroyed;
}

bool ModuleSet::is_loaded(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return find(name).state == State::loaded;
}

std::vector<ModuleInfo> ModuleSet::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<ModuleInfo> list;
    for (const auto& entry : entries_)
        list.push_back({entry->name, entry->state == State::loaded});
    return list;
}

void ModuleSet::wait_unloaded(Entry& entry) noexcept {
    std::unique_lock lock(mutex_);
    // Its own code cannot wait for itself.
    if (entry.scope && InScope::count(*entry.scope) > 0) return;
    changed_.wait(lock, [&] { return entry.state == State::unloaded; });
}

void ModuleSet::close() noexcept {
    std::vector<Entry*> entries;
    {
        std::unique_lock lock(mutex_);
        is_closed_ = true;
        for (const auto& entry : entries_)
            entries.push_back(entry.get());
        changed_.wait(lock, [&] {
            return std::ranges::none_of(entries, [](const Entry* one) { return one->state == State::loading; });
        });
        std::ranges::sort(entries, [](const Entry* a, const Entry* b) { return a->place > b->place; });
    }
    for (Entry* const entry : entries) {
        try {
            unload(entry->name);
        } catch (const ConfigError&) {
            // It is not loaded, or another thread has just unloaded it.
        }
        wait_unloaded(*entry);
    }
}

}  // namespace intent::detail
