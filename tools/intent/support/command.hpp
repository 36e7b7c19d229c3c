// Declarations shared by the tool's commands.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tool {

/// The process's exit status (docs/tool.md).
enum Status { done = 0, failed = 1, wrong_usage = 2, token_refused = 3, configuration_refused = 4, unmet = 8 };

/// The command line is invalid: reported in one line, status 2.
class WrongUsage : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A subcommand and the function that runs it after its flags are parsed; it returns the exit status.
struct Command {
    CLI::App* app;
    std::function<int()> run;
};

// Completion (completion.cpp) depends on the type name of a value: FILE, EVENT, "spec|web|flat", …

/// An option that may be given several times, each time with one value.
inline CLI::Option* repeatable(CLI::Option* option) {
    return option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// Adds all commands to the tool. Those with subcommands come after their subcommands. `words`: the tool's arguments.
std::vector<Command> add_commands(CLI::App& tool, const std::vector<std::string>& words);

}  // namespace tool
