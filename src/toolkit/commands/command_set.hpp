// All commands of a bot, their groups and settings.
#pragma once

#include "toolkit/core/counters.hpp"
#include "toolkit/core/names.hpp"
#include "toolkit/core/pattern.hpp"
#include "toolkit/core/permission_answers.hpp"

#include <intent/commands.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::detail {

/// The function of a command, and the types of its parameters.
struct CommandHandler {
    std::shared_ptr<void> function = {};
    CommandCall call = nullptr;
    std::span<const ParameterType> types = {};  ///< static
};

/// A command, a group, a section, the commands of a module, or the root of all. The settings are guarded by the set's
/// mutex; the rest is constant once the node is in the set.
struct CommandNode {
    enum class Kind { root, group, section, module, command };

    template <class Counter>
    struct Counted {
        Per per;
        Counter counter;
    };

    Kind kind = Kind::root;
    std::size_t number = 0;
    std::shared_ptr<CommandNode> parent = {};
    std::string name = {};  ///< full; of a group, what its commands' names begin with; of a section, its heading
    std::string help = {};
    toolkit::Pattern pattern = {};
    CommandHandler handler = {};
    std::shared_ptr<ScopeState> scope = {};  ///< of a module: that of its invocations

    bool is_ready = true;  ///< false: the module is being loaded, and its commands are not found yet
    std::string details = {};
    std::vector<std::string> aliases = {};
    bool is_hidden = false;
    std::vector<CommandCheck> checks = {};
    std::vector<CommandErrorHandler> error_handlers = {};
    std::optional<Counted<toolkit::Cooldown>> cooldown = {};
    std::optional<Counted<toolkit::RunningLimit>> concurrency = {};
};

/// Threads: safe.
class CommandSet {
public:
    using NodePtr = std::shared_ptr<CommandNode>;

    /// `client` is null for commands that are only parsed.
    CommandSet(Client* client, CommandOptions options);

    const CommandOptions& options() const noexcept { return options_; }
    bool has_client() const noexcept { return client_ != nullptr; }
    /// Errors: UsageError without a client.
    Client& client() const;

    // Building. Errors: ConfigError, UsageError for the number of a node that was removed.

    std::size_t add_group(std::size_t parent, std::string_view name);
    std::size_t add_section(std::size_t parent, std::string_view heading);
    /// The commands of a module. They are found once it is ready.
    std::size_t add_module(std::size_t parent, std::shared_ptr<ScopeState> scope);
    void set_ready(std::size_t number) noexcept;
    std::size_t add_command(std::size_t parent, std::string_view text, std::string help, CommandHandler handler);
    void add_alias(std::size_t number, std::string_view name);
    /// Removes a node and all below it; of the root, only those. The result holds the functions of the commands.
    std::vector<NodePtr> remove(std::size_t number);
    std::string name_of(std::size_t number) const;
    /// Changes a node under the lock.
    template <class F>
    void change(std::size_t number, F change) {
        const std::lock_guard lock(mutex_);
        change(*node(number));
    }

    // Running.

    struct Found {
        NodePtr command;
        std::size_t words = 0;                   ///< of the name
        std::shared_ptr<ScopeState> scope = {};  ///< of the command's module; null: that of all commands
    };
    std::optional<Found> find(std::span<const toolkit::Word> words) const;
    /// The reply to a line that names no command; empty: ignore it.
    std::string unknown_text(std::string_view prefix, std::span<const toolkit::Word> words) const;
    /// Those of all commands first.
    std::vector<CommandCheck> checks_of(const NodePtr& command) const;
    /// Those of the command first.
    std::vector<CommandErrorHandler> error_handlers_of(const NodePtr& command) const;

    /// A place among the running invocations; the destructor gives it back.
    class Place;
    /// Takes a place, and then a use of each cooldown. Errors: TooManyRunning, OnCooldown; nothing is taken then.
    Place begin(std::shared_ptr<CommandSet> self, const NodePtr& command, const Context& context);

    std::optional<Permissions> known_permissions(MemberId member) const;
    void keep_permissions(MemberId member, Permissions permissions);

    // Help, with the prefix of an invocation.

    std::string help_list(std::string_view prefix) const;
    /// Empty for an unknown name.
    std::string help_about(std::string_view prefix, std::string_view name) const;

private:
    NodePtr node(std::size_t number) const;
    std::size_t add_child(std::size_t parent, CommandNode::Kind kind, std::string name);
    std::vector<NodePtr> commands_below(std::string_view group) const;
    std::string list(std::string_view prefix, const std::vector<NodePtr>& commands, bool with_hidden) const;

    Client* const client_;
    const CommandOptions options_;
    mutable std::mutex mutex_;  // guards what follows, and the settings of the nodes
    std::map<std::size_t, NodePtr> nodes_;
    std::size_t last_number_ = 0;
    toolkit::Names names_;
    toolkit::PermissionAnswers permissions_;
};

class CommandSet::Place {
public:
    using Taken = std::vector<std::pair<NodePtr, std::uint64_t>>;  // a node and the key that is counted

    Place(std::shared_ptr<CommandSet> set, Taken taken) : set_(std::move(set)), taken_(std::move(taken)) {}
    ~Place();
    Place(Place&&) noexcept = default;
    Place& operator=(Place&&) = delete;

private:
    std::shared_ptr<CommandSet> set_;
    Taken taken_;
};

}  // namespace intent::detail
