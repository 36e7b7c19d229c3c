// Modules: parts of a bot that are loaded and unloaded while it runs. docs/modules.md is the guide.
#pragma once

#include <intent/client.hpp>
#include <intent/commands.hpp>
#include <intent/detail/export.hpp>
#include <intent/scope.hpp>
#include <intent/task.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class Module;

namespace detail {

class ModuleSet;

/// Creates the object of a module.
struct ModuleFactory {
    std::shared_ptr<void> arguments = {};
    std::shared_ptr<void> (*create)(const void* arguments, Module& module) = nullptr;
};

}  // namespace detail

/// What a part of a bot gets from Modules: its own scope, and commands that end with it.
///
///     class Welcome {
///     public:
///         explicit Welcome(intent::Module& module) : module_(module) {
///             module.on(&Welcome::on_join, this);
///             module.commands().add("welcome <text>", "Sets the text.", &Welcome::set, this);
///         }
///     private:
///         intent::task<> on_join(intent::MemberAdd event);
///         intent::task<> set(intent::Context ctx, intent::Rest text);
///         intent::Module& module_;
///         std::string text_;
///     };
///
/// Handlers and commands take effect together when the constructor has returned. Until then, events do not reach the
/// handlers, and coroutines of the scope continue on no other thread. The constructor itself is not code of the scope:
/// start coroutines with `module.scope().spawn`.
///
/// Lifetime: longer than the object of the class. Threads: as Scope.
class INTENT_API Module {
public:
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    ~Module();

    /// The name that `Modules::add` was given.
    const std::string& name() const noexcept { return name_; }
    /// The client of the bot.
    Client& client() const noexcept { return client_; }

    /// Everything that runs for the module belongs to it: `module.scope().spawn(…)`, `wait_for`, `sleep_for`. It ends
    /// when the module is unloaded; do not end it yourself.
    Scope& scope() noexcept { return scope_; }

    /// The module's commands, as a group without a name or heading. Their invocations, checks and error handlers are
    /// code of the module's scope. A group in it is the module's own, also if another one has the same name.
    ///
    /// Errors: UsageError if the Modules have no commands.
    CommandGroup commands() const;

    // As those of Scope.

    /// As `Scope::on`.
    template <class F>
    Subscription on(F handler) {
        return scope_.on(std::move(handler));
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on(M member, O* object) {
        return scope_.on(member, object);
    }
    /// As `Scope::once`.
    template <class F>
    Subscription once(F handler) {
        return scope_.once(std::move(handler));
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription once(M member, O* object) {
        return scope_.once(member, object);
    }
    /// As `Scope::on_in_order`.
    template <class F>
    Subscription on_in_order(F handler) {
        return scope_.on_in_order(std::move(handler));
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return scope_.on_in_order(member, object);
    }
    template <Event First, Event Second, Event... More, class F>
    Subscription on_in_order(F handler) {
        return scope_.on_in_order<First, Second, More...>(std::move(handler));
    }
    template <Event First, Event Second, Event... More, class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return scope_.on_in_order<First, Second, More...>(member, object);
    }

private:
    friend class detail::ModuleSet;
    Module(Client& client, const std::optional<CommandGroup>& parent, std::string name);
    std::shared_ptr<detail::ScopeState> scope_state() const noexcept { return scope_.state_; }
    void begin();
    /// The result holds the functions of the commands.
    std::shared_ptr<void> remove_commands() noexcept;

    Client& client_;
    const std::string name_;
    Scope scope_;
    std::optional<CommandGroup> commands_ = {};
};

/// A module and whether it is loaded.
struct ModuleInfo {
    std::string name = {};   ///< as it was added
    bool is_loaded = false;  ///< whether its object exists
};

/// The modules of a bot: loads and unloads them, also while the client runs.
///
///     intent::Commands commands(client, "!");
///     intent::Modules modules(client, commands);
///     modules.add<Welcome>("welcome");
///     modules.add<Dice>("dice", 6);
///     modules.load_all();
///
/// Unloading removes the module's commands and ends its scope: nothing of it begins after that, and no coroutine of it
/// continues. Code of it that is running, on this or another thread, continues up to its end or its next `co_await`
/// that has to wait. When the last such code has ended, the module's coroutines are destroyed, then its object.
/// Unloading never blocks, so two modules may unload each other at the same time.
///
/// A module may unload or reload itself: `co_await modules.unload("welcome")` in its own handler or command does not
/// return, because that coroutine ends there. Until that `co_await` it may use its object.
///
/// The destructor unloads all modules in the reverse order of their loading, and waits as the destructor of a Scope
/// does. So destroy it before the client, and before anything else that the modules use.
///
/// Threads: any.
class INTENT_API Modules {
public:
    /// Without commands.
    explicit Modules(Client& client);
    /// With commands: all commands of the bot, or a group or section for those of the modules.
    Modules(Client& client, const CommandGroup& commands);
    ~Modules();
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;

    /// Adds a module without loading it. `load` calls `T(Module&, const Arguments&...)`; the arguments are kept for
    /// each load. Pass what is shared with the rest of the bot as a `std::reference_wrapper` or a shared_ptr.
    ///
    /// Errors: ConfigError for a name that is empty, contains a space, or is taken.
    template <class T, class... Arguments>
    void add(std::string name, Arguments... arguments) {
        constexpr bool is_module = std::is_constructible_v<T, Module&, const Arguments&...>;
        static_assert(is_module,
                      "intent: a module is a class with a constructor that takes an intent::Module& and the further "
                      "arguments of add, as in explicit Welcome(intent::Module& module)");
        if constexpr (is_module) {
            using Kept = std::tuple<Arguments...>;
            const auto create = [](const void* kept, Module& module) -> std::shared_ptr<void> {
                return std::apply([&](const Arguments&... each) { return std::make_shared<T>(module, each...); },
                                  *static_cast<const Kept*>(kept));
            };
            add_factory(std::move(name), {std::make_shared<Kept>(std::move(arguments)...), create});
        }
    }

    /// Creates the object of the module, on this thread.
    ///
    /// Errors: ConfigError for an unknown name and for a module that is not unloaded; what the constructor throws, of
    /// which nothing remains then.
    void load(std::string_view name);
    /// Loads all that are not loaded, in the order of their adding. Errors: as `load`; the previous ones stay loaded.
    void load_all();

    /// Unloads a module. Ends when its object is destroyed, which usually is in this call.
    ///
    /// Errors: ConfigError for an unknown name and for a module that is not loaded.
    task<> unload(std::string name);

    /// Unloads a module and then loads it, on the thread on which its last code has ended. The new object is created
    /// after the old one is destroyed; events and commands in between are not delivered to it.
    ///
    /// Errors: as `unload`; what the constructor throws, and the module is unloaded then; CancelledError if the Modules
    /// are destroyed in the meantime.
    task<> reload(std::string name);

    /// Whether a module is loaded. False for an unknown name.
    bool is_loaded(std::string_view name) const;
    /// In the order of their adding.
    std::vector<ModuleInfo> list() const;

    /// Adds "module list", "module load <name>", "module unload <name>" and "module reload <name>", only for the
    /// owners of the bot. The commands are not part of a module, so they cannot be unloaded.
    ///
    /// Errors: ConfigError if CommandOptions::owners is empty, or a name is taken.
    void add_commands(CommandGroup& commands);

private:
    void add_factory(std::string name, detail::ModuleFactory factory);

    std::shared_ptr<detail::ModuleSet> set_;
};

}  // namespace intent
