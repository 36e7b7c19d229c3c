// Commands: lines of messages that run a function of the bot, with arguments of the function's types. docs/commands.md
// is the guide.
#pragma once

#include <intent/commands/arguments.hpp>
#include <intent/commands/context.hpp>
#include <intent/commands/errors.hpp>
#include <intent/commands/options.hpp>
#include <intent/commands/parsed.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/command_answer.hpp>
#include <intent/detail/command_functions.hpp>
#include <intent/detail/command_handler.hpp>
#include <intent/detail/export.hpp>
#include <intent/permissions.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

class CommandGroup;

namespace detail {

class CommandSet;

/// Refers to a command, a group, or all commands. Weak, so that a handler may capture a handle of its own command.
class INTENT_API CommandEntry {
public:
    CommandEntry(const CommandEntry&) noexcept;
    CommandEntry(CommandEntry&&) noexcept;
    CommandEntry& operator=(const CommandEntry&) noexcept;
    CommandEntry& operator=(CommandEntry&&) noexcept;
    ~CommandEntry();

protected:
    CommandEntry() noexcept;
    CommandEntry(std::weak_ptr<CommandSet> set, std::size_t number) noexcept;

    void add_check(CommandCheck check);
    void add_permissions(Permissions permissions, bool of_bot);
    void add_owner_check();
    void add_server_check();
    void add_error_handler(CommandErrorHandler handler);
    void set_cooldown(int uses, std::chrono::milliseconds time, Per per);
    void set_max_concurrency(int count, Per per);
    void set_hidden();
    void set_details(std::string text);

    /// Errors: UsageError if the Commands are gone.
    std::shared_ptr<CommandSet> set() const;
    std::shared_ptr<CommandSet> set_if_any() const noexcept { return set_.lock(); }
    std::size_t number() const noexcept { return number_; }

private:
    std::weak_ptr<CommandSet> set_ = {};
    std::size_t number_ = 0;
};

}  // namespace detail

/// What can be set for a command, for a group (it then applies to each of its commands) and for all commands.
///
/// Before a command runs, its checks run in the order in which they were added, those of all commands first, then those
/// of the groups from the outside in. The first that refuses ends the invocation. Then the arguments are converted, and
/// last come `max_concurrency` and `cooldown`: a refused or misspelt command does not count.
///
/// If the client is running, set everything on the group first and then add the command.
///
/// Errors: UsageError if the Commands are gone, or the command or group was removed.
template <class Derived>
class CommandSettings : public detail::CommandEntry {
public:
    /// Runs a command only if `check` returns true; otherwise the author gets the text. A check takes a Context and
    /// returns `bool` or `task<bool>`; for another text it throws CheckFailed. Other exceptions are errors of the
    /// command.
    template <class F>
    Derived& check(F check, std::string refusal = "You cannot use this command.") {
        add_check(detail::make_check(std::move(check), std::move(refusal)));
        return self();
    }

    /// Only for members who have all these permissions in the server (protocol §14). Implies `server_only`.
    ///
    /// Cost: up to 3 requests if the answer is not known. It is kept for a minute, because the platform does not report
    /// changes of roles.
    Derived& requires_permission(Permission permission) { return requires_permission(Permissions{}.with(permission)); }
    Derived& requires_permission(Permissions permissions) { return add_permissions(permissions, false), self(); }

    /// Only where the bot itself has all these permissions. Otherwise the author learns which one it lacks.
    Derived& bot_requires(Permission permission) { return bot_requires(Permissions{}.with(permission)); }
    Derived& bot_requires(Permissions permissions) { return add_permissions(permissions, true), self(); }

    /// Only for the users of `CommandOptions::owners`.
    ///
    /// Errors: ConfigError if there are none, unless the commands have no client.
    Derived& owner_only() { return add_owner_check(), self(); }

    /// Not in direct messages.
    Derived& server_only() { return add_server_check(), self(); }

    /// At most `uses` in `time` for each user, channel, server, or all together. A group counts the uses of all its
    /// commands together.
    ///
    /// Errors: ConfigError for less than 1 use or 1 ms.
    Derived& cooldown(int uses, std::chrono::milliseconds time, Per per = Per::user) {
        return set_cooldown(uses, time, per), self();
    }

    /// At most `count` invocations at the same time; further ones are refused, they do not wait. An invocation lasts
    /// until its coroutine has ended, so a reply that the command awaits at its end still belongs to it.
    ///
    /// Errors: ConfigError for less than 1.
    Derived& max_concurrency(int count, Per per) { return set_max_concurrency(count, per), self(); }

    /// Handles errors: `on_error([](Context ctx, OnCooldown error) -> task<> { … })`. The type of the second parameter
    /// selects the errors: a class that derives from `intent::Error`, or `std::exception_ptr` for all. The handlers of
    /// the command are asked first, then those of its groups, then those of all commands, each in the order in which
    /// they were added; the first that takes the error ends the search.
    ///
    /// An error that no handler takes is handled as follows: the text of a CommandError is the reply, and so is a
    /// readable text for a ForbiddenError. Anything else, and an exception of a handler, becomes an ErrorEvent with
    /// `where` set to "command NAME".
    template <class F>
    Derived& on_error(F handler) {
        add_error_handler(detail::make_error_handler(std::move(handler)));
        return self();
    }

    /// Leaves it out of the list of the `help` command.
    Derived& hidden() { return set_hidden(), self(); }

    /// A longer text, shown by `help` with the name of the command or group.
    Derived& details(std::string text) { return set_details(std::move(text)), self(); }

protected:
    using CommandEntry::CommandEntry;
    /// This object as its own type.
    Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

/// A command that was added. A handle, like CommandGroup: destroying it changes nothing.
///
/// Distinct objects: safe, also for the same command. Shared objects: unsafe.
class INTENT_API Command : public CommandSettings<Command> {
public:
    /// The full name, as it was added.
    std::string name() const;

    /// Adds another full name.
    ///
    /// Errors: ConfigError for a name that is malformed or taken.
    Command& alias(std::string_view name);

    /// Removes the command. No invocation begins after this; those that run continue.
    void remove();

private:
    friend class CommandGroup;
    using CommandSettings::CommandSettings;
};

/// Commands with common settings: checks, cooldown, error handlers, a heading in the help.
///
/// Distinct objects: safe, also for the same group. Shared objects: unsafe.
class INTENT_API CommandGroup : public CommandSettings<CommandGroup> {
public:
    /// Adds a command. The pattern is its name and its parameters, checked against the handler when it is compiled:
    ///
    ///     commands.add("roll <times> [sides=6]", "Rolls dice.", [](Context ctx, Range<1, 100> times, int sides) ->
    ///     task<> {
    ///         …
    ///     });
    ///
    /// A parameter in angle brackets is required. One in square brackets is an `optional`, a `vector`, a Rest, or has a
    /// default, which is read as if it had been written. In a group, the name follows that of the group. Names are
    /// equal in both cases of ASCII letters; the longest that the line begins with counts ("tag add" before "tag").
    ///
    /// The handler is a coroutine that takes a Context and its arguments by value. It may capture: its captures live
    /// until the command is removed and its last invocation has ended.
    ///
    /// Errors: ConfigError for a name that is taken, or a default that cannot be read.
    template <class F>
    Command add(std::type_identity_t<detail::CommandPattern<F>> pattern, std::string_view help, F handler) {
        return insert(pattern.text(), help, detail::make_command(std::move(handler)));
    }

    /// Adds a member function: `commands.add("roll <times>", "Rolls dice.", &Dice::roll, this)`. `object` must outlive
    /// the Commands. The commands of a Module (module.hpp) end with it instead.
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Command add(std::type_identity_t<detail::CommandPattern<M>> pattern,
                                                              std::string_view help, M member, O* object) {
        return insert(pattern.text(), help, detail::make_member_command(member, object));
    }

    /// Returns a group whose commands' names begin with `name`, such as "tag" for "tag add"; it is created if it does
    /// not exist. The line "!tag" alone lists them, unless there is a command "tag".
    CommandGroup group(std::string_view name);

    /// Returns a group that only is a heading in the help: its commands keep their names.
    CommandGroup section(std::string_view heading);

    /// Removes the group with all its commands and groups; their names can be used again. No invocation begins after
    /// this; those that run continue. Later calls of the removed handles throw UsageError. `Commands::remove` removes
    /// all commands, also `help`, and others can be added.
    void remove();

protected:
    using CommandSettings::CommandSettings;

private:
    friend class Module;

    Command insert(std::string_view pattern, std::string_view help, const detail::MadeCommand& made);
    /// The commands of a module, whose invocations run in this scope.
    CommandGroup of_module(std::shared_ptr<detail::ScopeState> scope) const;
};

/// The commands of a bot.
///
///     intent::Commands commands(client, "!");
///     commands.add("add <left> <right>", "Adds two numbers.", [](Context ctx, int left, int right) -> task<> {
///         co_await ctx.reply(std::to_string(left + right));
///     });
///
/// Invocations are handlers of MessageCreate: they run on the client's handler threads, and others run while one
/// awaits. Destroying the object ends them, as a Scope does; those of a Module end with the module.
///
/// Lifetime: the client must not be moved, and its structures and Contexts must not be used after it. Threads: any.
class INTENT_API Commands : public CommandGroup {
public:
    /// Commands without a client, for `parse` in unit tests.
    explicit Commands(CommandOptions options = {});
    /// The commands of a client: from now on, its messages are searched for them.
    Commands(Client& client, CommandOptions options);
    Commands(Commands&&) noexcept;
    Commands& operator=(Commands&&) noexcept;
    ~Commands();

    /// Finds the command of a line, without its prefix, and reads its arguments, without running anything: no check, no
    /// cooldown, no request. Arguments that have to be looked up, such as members, are accepted unseen.
    ParsedCommand parse(std::string_view line) const;

    /// The text of the `help` command: the list, or what is known about one command or group. Empty for an unknown
    /// name.
    std::string help_text(std::string_view name = {}) const;

private:
    explicit Commands(std::shared_ptr<detail::CommandSet> set);
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace intent
