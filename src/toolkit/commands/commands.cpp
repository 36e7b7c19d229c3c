#include "toolkit/commands/command_set.hpp"
#include "toolkit/commands/invocation.hpp"
#include "toolkit/commands/permission_checks.hpp"
#include "toolkit/commands/run.hpp"
#include "toolkit/core/argument_reader.hpp"
#include "toolkit/core/replies.hpp"

#include <intent/commands.hpp>
#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <algorithm>

namespace intent::inline v0 {

namespace detail {

task<bool> ended_check(bool result) { co_return result; }

task<std::vector<std::string>> as_list(task<std::string> one) {
    std::vector<std::string> list;
    list.push_back(co_await std::move(one));
    co_return list;
}

CommandEntry::CommandEntry() noexcept = default;
CommandEntry::CommandEntry(std::weak_ptr<CommandSet> set, std::size_t number) noexcept
    : set_(std::move(set)), number_(number) {}
CommandEntry::CommandEntry(const CommandEntry&) noexcept = default;
CommandEntry::CommandEntry(CommandEntry&&) noexcept = default;
CommandEntry& CommandEntry::operator=(const CommandEntry&) noexcept = default;
CommandEntry& CommandEntry::operator=(CommandEntry&&) noexcept = default;
CommandEntry::~CommandEntry() = default;

std::shared_ptr<CommandSet> CommandEntry::set() const {
    auto set = set_.lock();
    if (!set) throw UsageError("the Commands of this handle are gone");
    return set;
}

void CommandEntry::add_check(CommandCheck check) {
    set()->change(number_, [&](CommandNode& node) { node.checks.push_back(std::move(check)); });
}

void CommandEntry::add_permissions(Permissions permissions, bool of_bot) {
    add_check(toolkit::permission_check(permissions, of_bot));
}

void CommandEntry::add_owner_check() {
    const auto set = this->set();
    const auto& owners = set->options().owners();
    if (owners.empty() && set->has_client()) throw ConfigError("owner_only: CommandOptions::owners is empty");
    add_check(
        make_check([owners](const Context& context) { return std::ranges::count(owners, context.author().id) > 0; },
                   "Only the owner of the bot can use this command."));
}

void CommandEntry::add_server_check() {
    add_check(make_check([](const Context& context) { return bool(context.server_id()); },
                         "This command can only be used in a server."));
}

void CommandEntry::add_error_handler(CommandErrorHandler handler) {
    set()->change(number_, [&](CommandNode& node) { node.error_handlers.push_back(std::move(handler)); });
}

void CommandEntry::set_cooldown(int uses, std::chrono::milliseconds time, Per per) {
    if (uses < 1 || time.count() < 1) throw ConfigError("cooldown: expected at least 1 use and 1 ms");
    const toolkit::Cooldown counter(static_cast<std::size_t>(uses), time);
    set()->change(number_, [&](CommandNode& node) {
        node.cooldown = CommandNode::Counted<toolkit::Cooldown>{per, counter};
    });
}

void CommandEntry::set_max_concurrency(int count, Per per) {
    if (count < 1) throw ConfigError("max_concurrency: expected at least 1");
    const toolkit::RunningLimit counter(static_cast<std::size_t>(count));
    set()->change(number_, [&](CommandNode& node) {
        node.concurrency = CommandNode::Counted<toolkit::RunningLimit>{per, counter};
    });
}

void CommandEntry::set_hidden() {
    set()->change(number_, [](CommandNode& node) { node.is_hidden = true; });
}

void CommandEntry::set_details(std::string text) {
    set()->change(number_, [&](CommandNode& node) { node.details = std::move(text); });
}

}  // namespace detail

std::string Command::name() const { return set()->name_of(number()); }

Command& Command::alias(std::string_view name) {
    set()->add_alias(number(), name);
    return *this;
}

void Command::remove() { set()->remove(number()); }

Command CommandGroup::insert(std::string_view pattern, std::string_view help, const detail::MadeCommand& made) {
    detail::CommandHandler handler{detail::share_function(made.function), made.call, made.types};
    const auto set = this->set();
    return {set, set->add_command(number(), pattern, std::string(help), std::move(handler))};
}

CommandGroup CommandGroup::group(std::string_view name) {
    const auto set = this->set();
    return {set, set->add_group(number(), name)};
}

CommandGroup CommandGroup::section(std::string_view heading) {
    const auto set = this->set();
    return {set, set->add_section(number(), heading)};
}

CommandGroup CommandGroup::of_module(std::shared_ptr<detail::ScopeState> scope) const {
    const auto set = this->set();
    return {set, set->add_module(number(), std::move(scope))};
}

void CommandGroup::remove() { set()->remove(number()); }

struct Commands::Running {
    std::shared_ptr<detail::CommandSet> set = {};
    std::optional<Scope> scope = {};  // last: ends the invocations before the rest is destroyed
};

namespace {

task<> show_help(Context context, Rest name) {
    const auto& invocation = detail::Invocation::of(context);
    std::string text;
    if (name.empty()) {
        text = invocation.set->help_list(invocation.prefix);
    } else {
        text = invocation.set->help_about(invocation.prefix, name.text());
        if (text.empty()) throw BadArgument("there is no such command").at("command");
    }
    co_await context.reply_long(std::move(text));
}

}  // namespace

Commands::Commands(CommandOptions options)
    : Commands(std::make_shared<detail::CommandSet>(nullptr, std::move(options))) {}

Commands::Commands(Client& client, CommandOptions options)
    : Commands(std::make_shared<detail::CommandSet>(&client, std::move(options))) {
    running_->scope.emplace(client);
    // Not a coroutine itself: the set is a parameter of the one that it starts.
    running_->scope->on([set = running_->set](MessageCreate event) -> task<> {
        return toolkit::run_message(set, std::move(event.message));
    });
}

Commands::Commands(std::shared_ptr<detail::CommandSet> set)
    : CommandGroup(set, 0), running_(std::make_unique<Running>()) {
    running_->set = std::move(set);
    if (running_->set->options().has_help()) add("help [command]", "Shows the commands, or explains one.", &show_help);
}

Commands::Commands(Commands&&) noexcept = default;
Commands& Commands::operator=(Commands&&) noexcept = default;
Commands::~Commands() = default;

std::string Commands::help_text(std::string_view name) const {
    const auto set = this->set();
    const auto& prefixes = set->options().prefixes();
    const std::string prefix = prefixes.empty() ? std::string() : prefixes.front();
    return name.empty() ? set->help_list(prefix) : set->help_about(prefix, name);
}

ParsedCommand Commands::parse(std::string_view line) const {
    const auto set = this->set();
    const auto& prefixes = set->options().prefixes();
    const std::string prefix = prefixes.empty() ? std::string() : prefixes.front();
    auto words = toolkit::split_words(line);
    const auto found = set->find(words);
    if (!found) return {{}, {}, set->unknown_text(prefix, words)};

    const auto& command = *found->command;
    std::vector<ParsedCommand::Parameter> parameters;
    for (const auto& parameter : command.pattern.parameters)
        parameters.push_back({parameter.name, {}});
    toolkit::ArgumentReader reader(command.pattern, command.handler.types, line, std::move(words), found->words);
    while (const auto* next = reader.next()) {
        const std::size_t parameter = next->parameter;
        const auto& type = command.handler.types[parameter];
        const std::string text = next->text;
        detail::CommandValue value;
        if (auto refusal = type.read ? toolkit::read_word(type, text, value) : std::nullopt) {
            reader.refused(*std::move(refusal));
        } else {
            reader.accepted();
            parameters[parameter].words.push_back(text);
        }
    }
    std::string error;
    if (const auto& fault = reader.fault())
        error = toolkit::fault_text(prefix, line, *fault, toolkit::usage_of(command.pattern, command.handler.types));
    return {command.name, std::move(parameters), std::move(error)};
}

std::optional<std::string> ParsedCommand::argument(std::string_view name) const {
    for (const auto& parameter : parameters_) {
        if (parameter.name != name || parameter.words.empty()) continue;
        std::string text = parameter.words.front();
        for (std::size_t i = 1; i < parameter.words.size(); ++i)
            text.append(" ").append(parameter.words[i]);
        return text;
    }
    return std::nullopt;
}

}  // namespace intent
