#include "toolkit/commands/command_set.hpp"

#include "text/quoted.hpp"
#include "toolkit/commands/invocation.hpp"
#include "toolkit/commands/run.hpp"
#include "toolkit/core/durations.hpp"
#include "toolkit/core/replies.hpp"

#include <intent/errors.hpp>

#include <algorithm>

namespace intent::inline v0::detail {

namespace {

/// The command, its groups, and the root.
std::vector<CommandSet::NodePtr> chain_of(CommandSet::NodePtr node) {
    std::vector<CommandSet::NodePtr> chain;
    for (; node; node = node->parent)
        chain.push_back(node);
    return chain;
}

std::uint64_t key_of(Per per, const Context& context) {
    switch (per) {
        case Per::user:
            return context.author().id.value;
        case Per::channel:
            return context.channel_id().value;
        case Per::server:
            return context.server_id() ? context.server_id().value : context.channel_id().value;
        case Per::all:
            break;
    }
    return 0;
}

std::string name_below(const CommandNode& parent, std::string_view name) {
    for (const CommandNode* node = &parent; node; node = node->parent.get())
        if (node->kind == CommandNode::Kind::group) return node->name + " " + std::string(name);
    return std::string(name);
}

/// The innermost heading of the help.
std::string section_of(const CommandNode& command) {
    for (const CommandNode* node = command.parent.get(); node; node = node->parent.get())
        if (node->kind == CommandNode::Kind::section) return node->name;
    return {};
}

/// True if the command or one of its groups is.
bool is_hidden(const CommandNode& command) {
    for (const CommandNode* node = &command; node; node = node->parent.get())
        if (node->is_hidden) return true;
    return false;
}

const CommandNode* module_of(const CommandNode& command) {
    for (const CommandNode* node = command.parent.get(); node; node = node->parent.get())
        if (node->kind == CommandNode::Kind::module) return node;
    return nullptr;
}

bool is_ready(const CommandNode& command) {
    const auto* const module = module_of(command);
    return module == nullptr || module->is_ready;
}

/// Reads the defaults of a pattern, so that a misspelt one is found when the bot starts.
void check_defaults(const toolkit::Pattern& pattern, std::span<const ParameterType> types) {
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto& fallback = pattern.parameters[i].fallback;
        if (!fallback || types[i].read == nullptr) continue;
        CommandValue value;
        if (const auto refusal = toolkit::read_word(types[i], *fallback, value)) {
            throw ConfigError("command " + text::quoted(pattern.name) + ": the default of " +
                              pattern.parameters[i].name + " is " + text::quoted(*fallback) + ": " + *refusal);
        }
    }
}

}  // namespace

CommandSet::CommandSet(Client* client, CommandOptions options) : client_(client), options_(std::move(options)) {
    nodes_.emplace(0, std::make_shared<CommandNode>());
}

Client& CommandSet::client() const {
    if (!client_) throw UsageError("these Commands have no client: they can only be parsed");
    return *client_;
}

CommandSet::NodePtr CommandSet::node(std::size_t number) const {
    const auto found = nodes_.find(number);
    if (found == nodes_.end()) throw UsageError("the command or group was removed");
    return found->second;
}

std::size_t CommandSet::add_child(std::size_t parent, CommandNode::Kind kind, std::string name) {
    const auto above = node(parent);
    for (const auto& [number, one] : nodes_)
        if (one->kind == kind && one->name == name && one->parent == above) return number;
    auto child = std::make_shared<CommandNode>();
    child->kind = kind;
    child->number = ++last_number_;
    child->parent = above;
    child->name = std::move(name);
    nodes_.emplace(child->number, child);
    return child->number;
}

std::size_t CommandSet::add_group(std::size_t parent, std::string_view name) {
    if (!is_command_name(name)) throw ConfigError(text::quoted(name) + " cannot be the name of a group of commands");
    const std::lock_guard lock(mutex_);
    return add_child(parent, CommandNode::Kind::group, name_below(*node(parent), name));
}

std::size_t CommandSet::add_section(std::size_t parent, std::string_view heading) {
    const std::lock_guard lock(mutex_);
    return add_child(parent, CommandNode::Kind::section, std::string(heading));
}

std::size_t CommandSet::add_module(std::size_t parent, std::shared_ptr<ScopeState> scope) {
    auto added = std::make_shared<CommandNode>();
    added->kind = CommandNode::Kind::module;
    added->scope = std::move(scope);
    added->is_ready = false;
    const std::lock_guard lock(mutex_);
    added->parent = node(parent);
    added->number = ++last_number_;
    nodes_.emplace(added->number, added);
    return added->number;
}

void CommandSet::set_ready(std::size_t number) noexcept {
    const std::lock_guard lock(mutex_);
    if (const auto found = nodes_.find(number); found != nodes_.end()) found->second->is_ready = true;
}

std::size_t CommandSet::add_command(std::size_t parent, std::string_view text, std::string help,
                                    CommandHandler handler) {
    auto pattern = toolkit::parse_pattern(text);
    if (!pattern || pattern->parameters.size() != handler.types.size())
        throw ConfigError(text::quoted(text, 200) + " is not the pattern of a command");
    check_defaults(*pattern, handler.types);
    const std::lock_guard lock(mutex_);
    auto added = std::make_shared<CommandNode>();
    added->kind = CommandNode::Kind::command;
    added->parent = node(parent);
    pattern->name = name_below(*added->parent, pattern->name);
    added->number = ++last_number_;
    added->name = pattern->name;
    added->help = std::move(help);
    added->pattern = *std::move(pattern);
    added->handler = std::move(handler);
    if (!names_.add(added->name, added->number))
        throw ConfigError("there already is a command or an alias " + text::quoted(added->name));
    nodes_.emplace(added->number, added);
    return added->number;
}

void CommandSet::add_alias(std::size_t number, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto command = node(number);
    if (!is_command_name(name)) throw ConfigError(text::quoted(name) + " cannot be the name of a command");
    if (!names_.add(name, number)) throw ConfigError("there already is a command or an alias " + text::quoted(name));
    command->aliases.emplace_back(name);
}

std::vector<CommandSet::NodePtr> CommandSet::remove(std::size_t number) {
    std::vector<NodePtr> removed;
    const std::lock_guard lock(mutex_);
    const auto top = nodes_.find(number);
    if (top == nodes_.end()) return removed;
    const NodePtr above = top->second;
    // A child's number is greater than its parent's.
    for (auto next = top; next != nodes_.end();) {
        const auto chain = chain_of(next->second);
        const bool is_below = std::ranges::find(chain, above) != chain.end();
        if (!is_below || next->second->kind == CommandNode::Kind::root) {
            ++next;
            continue;
        }
        names_.remove(next->first);
        removed.push_back(std::move(next->second));
        next = nodes_.erase(next);
    }
    return removed;
}

std::string CommandSet::name_of(std::size_t number) const {
    const std::lock_guard lock(mutex_);
    return node(number)->name;
}

std::optional<CommandSet::Found> CommandSet::find(std::span<const toolkit::Word> words) const {
    const std::lock_guard lock(mutex_);
    const auto match = names_.find(words);
    if (!match) return std::nullopt;
    auto command = node(match->command);
    const auto* const module = module_of(*command);
    if (module == nullptr) return Found{std::move(command), match->words};
    if (!module->is_ready) return std::nullopt;
    return Found{std::move(command), match->words, module->scope};
}

std::string CommandSet::unknown_text(std::string_view prefix, std::span<const toolkit::Word> words) const {
    const std::lock_guard lock(mutex_);
    if (words.empty()) return {};
    const std::string& first = words.front().text;
    if (names_.begins_a_name(first)) {
        const std::string below = list(prefix, commands_below(first), false);
        if (!below.empty()) return "This command has several forms:\n" + below;
    }
    if (!options_.has_suggestions()) return {};
    const auto similar = names_.similar(words);
    if (!similar) return {};
    const auto command = node(*names_.find(*similar));
    if (is_hidden(*command) || !is_ready(*command)) return {};
    return "There is no command " + text::quoted(first) + ". Did you mean " +
           text::quoted(std::string(prefix) + *similar) + "?";
}

std::vector<CommandCheck> CommandSet::checks_of(const NodePtr& command) const {
    const std::lock_guard lock(mutex_);
    std::vector<CommandCheck> checks;
    auto chain = chain_of(command);
    std::ranges::reverse(chain);
    for (const auto& one : chain)
        checks.insert(checks.end(), one->checks.begin(), one->checks.end());
    return checks;
}

std::vector<CommandErrorHandler> CommandSet::error_handlers_of(const NodePtr& command) const {
    const std::lock_guard lock(mutex_);
    std::vector<CommandErrorHandler> handlers;
    for (const auto& one : chain_of(command ? command : nodes_.at(0)))
        handlers.insert(handlers.end(), one->error_handlers.begin(), one->error_handlers.end());
    return handlers;
}

CommandSet::Place CommandSet::begin(std::shared_ptr<CommandSet> self, const NodePtr& command, const Context& context) {
    const auto now = client_->clock().now();
    const std::lock_guard lock(mutex_);
    const auto chain = chain_of(command);
    for (const auto& one : chain) {
        if (one->concurrency && one->concurrency->counter.is_full(key_of(one->concurrency->per, context)))
            throw TooManyRunning("This command is already running. Try again when it has ended.");
    }
    std::chrono::milliseconds wait{};
    for (const auto& one : chain)
        if (one->cooldown) wait = std::max(wait, one->cooldown->counter.wait(now, key_of(one->cooldown->per, context)));
    if (wait.count() > 0) throw OnCooldown("Try this again in " + toolkit::describe_time(wait) + ".", wait);

    Place::Taken taken;
    for (const auto& one : chain) {
        if (one->cooldown) one->cooldown->counter.take(now, key_of(one->cooldown->per, context));
        if (!one->concurrency) continue;
        const auto key = key_of(one->concurrency->per, context);
        taken.emplace_back(one, key);
        one->concurrency->counter.begin(key);
    }
    return Place(std::move(self), std::move(taken));
}

CommandSet::Place::~Place() {
    if (!set_) return;
    const std::lock_guard lock(set_->mutex_);
    for (const auto& [node, key] : taken_)
        if (node->concurrency) node->concurrency->counter.end(key);
}

std::optional<Permissions> CommandSet::known_permissions(MemberId member) const {
    const auto now = client_->clock().now();
    const std::lock_guard lock(mutex_);
    return permissions_.find(now, member);
}

void CommandSet::keep_permissions(MemberId member, Permissions permissions) {
    const auto now = client_->clock().now();
    const std::lock_guard lock(mutex_);
    permissions_.keep(now, member, permissions);
}

std::vector<CommandSet::NodePtr> CommandSet::commands_below(std::string_view group) const {
    std::vector<NodePtr> commands;
    for (const auto& [number, node] : nodes_) {
        if (node->kind != CommandNode::Kind::command || node->name.size() <= group.size()) continue;
        if (same_choice(node->name.substr(0, group.size()), group) && node->name[group.size()] == ' ')
            commands.push_back(node);
    }
    return commands;
}

std::string CommandSet::list(std::string_view prefix, const std::vector<NodePtr>& commands, bool with_hidden) const {
    std::vector<toolkit::HelpEntry> entries;
    for (const auto& command : commands) {
        if (!is_ready(*command) || (!with_hidden && is_hidden(*command))) continue;
        entries.push_back(
            {section_of(*command), toolkit::usage_of(command->pattern, command->handler.types), command->help});
    }
    return toolkit::help_list(prefix, entries);
}

std::string CommandSet::help_list(std::string_view prefix) const {
    const std::lock_guard lock(mutex_);
    std::vector<NodePtr> commands;
    for (const auto& [number, node] : nodes_)
        if (node->kind == CommandNode::Kind::command) commands.push_back(node);
    return list(prefix, commands, false);
}

std::string CommandSet::help_about(std::string_view prefix, std::string_view name) const {
    const std::lock_guard lock(mutex_);
    std::string text;
    const auto number = names_.find(name);
    const auto command = number ? node(*number) : nullptr;
    if (command && is_ready(*command)) {
        text.append(prefix).append(toolkit::usage_of(command->pattern, command->handler.types)).append("\n");
        text.append(command->help);
        if (!command->details.empty()) text.append("\n").append(command->details);
        for (std::size_t i = 0; i < command->aliases.size(); ++i)
            text.append(i == 0 ? "\nAlso: " : ", ").append(prefix).append(command->aliases[i]);
    }
    for (const auto& [key, node] : nodes_) {
        const bool is_group = node->kind == CommandNode::Kind::group || node->kind == CommandNode::Kind::section;
        if (is_group && same_choice(node->name, name) && !node->details.empty())
            text.append(text.empty() ? "" : "\n").append(node->details);
    }
    if (const auto below = list(prefix, commands_below(name), true); !below.empty())
        text.append(text.empty() ? "" : "\n").append(below);
    return text;
}

}  // namespace intent::detail
