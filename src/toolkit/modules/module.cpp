#include "toolkit/commands/command_set.hpp"
#include "toolkit/modules/module_set.hpp"

#include <intent/detail/in_scope.hpp>
#include <intent/detail/scope_control.hpp>
#include <intent/errors.hpp>
#include <intent/module.hpp>

#include <utility>

namespace intent::inline v0 {

namespace {

using SetPtr = std::shared_ptr<detail::ModuleSet>;

// Coroutines that change the state of a module.

task<> load_module(SetPtr set, std::string name) {
    set->load(name);
    co_return;
}

task<> unload_module(SetPtr set, std::string name) {
    const auto destroyed = set->unload(name);
    auto& signal = *destroyed;  // g++ 12 would copy the operand `*destroyed`
    co_await signal;
}

task<> reload_module(SetPtr set, std::string name) {
    const auto destroyed = set->unload(name);
    auto& signal = *destroyed;  // g++ 12 would copy the operand `*destroyed`
    co_await signal;
    set->load(name);
}

using Change = task<> (*)(SetPtr set, std::string name);

/// Starts it outside of all scopes: a module that reloads itself ends the scope of the caller.
task<> start(Change change, SetPtr set, std::string name) {
    const detail::InScope outside(nullptr);
    return change(std::move(set), std::move(name));
}

std::string list_text(const std::vector<ModuleInfo>& modules) {
    std::string text = modules.empty() ? "There are no modules." : "";
    for (const auto& module : modules)
        text.append(text.empty() ? "" : "\n").append(module.name).append(module.is_loaded ? "" : " (not loaded)");
    return text;
}

task<> show_list(std::weak_ptr<detail::ModuleSet> weak, Context ctx) {
    const auto set = weak.lock();
    if (!set) co_return;
    co_await ctx.reply_long(list_text(set->list()));
}

task<> change(std::weak_ptr<detail::ModuleSet> weak, Context ctx, std::string name, Change work, const char* done) {
    auto set = weak.lock();
    if (!set) co_return;
    try {
        auto working = start(work, std::move(set), name);
        co_await std::move(working);
    } catch (const ConfigError& error) {
        throw BadArgument(error.what()).at("name");
    }
    co_await ctx.reply(done + name + ".");
}

}  // namespace

Module::Module(Client& client, const std::optional<CommandGroup>& parent, std::string name)
    : client_(client), name_(std::move(name)), scope_(client) {
    detail::hold_scope(*scope_.state_);
    if (parent) commands_ = parent->of_module(scope_.state_);
}

Module::~Module() { remove_commands(); }

CommandGroup Module::commands() const {
    if (!commands_) throw UsageError("module \"" + name_ + "\": its Modules were created without commands");
    return *commands_;
}

void Module::begin() {
    detail::begin_scope(*scope_.state_);
    const auto set = commands_ ? commands_->set_if_any() : nullptr;
    if (set) set->set_ready(commands_->number());
}

std::shared_ptr<void> Module::remove_commands() noexcept {
    const auto set = commands_ ? commands_->set_if_any() : nullptr;
    if (!set) return nullptr;
    using Nodes = std::vector<detail::CommandSet::NodePtr>;
    return std::make_shared<Nodes>(set->remove(commands_->number()));
}

Modules::Modules(Client& client) : set_(std::make_shared<detail::ModuleSet>(client, std::nullopt)) {}
Modules::Modules(Client& client, const CommandGroup& commands)
    : set_(std::make_shared<detail::ModuleSet>(client, commands)) {}
Modules::~Modules() { set_->close(); }

void Modules::add_factory(std::string name, detail::ModuleFactory factory) {
    set_->add(std::move(name), std::move(factory));
}

void Modules::load(std::string_view name) { set_->load(name); }
void Modules::load_all() { set_->load_all(); }
bool Modules::is_loaded(std::string_view name) const { return set_->is_loaded(name); }
std::vector<ModuleInfo> Modules::list() const { return set_->list(); }

task<> Modules::unload(std::string name) { return start(&unload_module, set_, std::move(name)); }
task<> Modules::reload(std::string name) { return start(&reload_module, set_, std::move(name)); }

void Modules::add_commands(CommandGroup& commands) {
    auto group = commands.group("module");
    group.owner_only().details("A module is a part of the bot that can be unloaded while the bot runs.");
    const std::weak_ptr<detail::ModuleSet> set(set_);
    group.add("list", "Lists the modules.", [set](Context ctx) -> task<> { return show_list(set, std::move(ctx)); });
    group.add("load <name>", "Loads a module.", [set](Context ctx, std::string name) -> task<> {
        return change(set, std::move(ctx), std::move(name), &load_module, "Loaded ");
    });
    group.add("unload <name>", "Unloads a module.", [set](Context ctx, std::string name) -> task<> {
        return change(set, std::move(ctx), std::move(name), &unload_module, "Unloaded ");
    });
    group.add("reload <name>", "Unloads a module and loads it again.", [set](Context ctx, std::string name) -> task<> {
        return change(set, std::move(ctx), std::move(name), &reload_module, "Reloaded ");
    });
}

}  // namespace intent
