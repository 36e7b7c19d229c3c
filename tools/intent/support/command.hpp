// Declarations shared by the tool's commands.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <stdexcept>
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

// Completion (completion.hpp) depends on the type name of a value: FILE, EVENT, "spec|web|flat", …

Command add_listen(CLI::App& tool);
Command add_send(CLI::App& tool);
Command add_get(CLI::App& tool);
Command add_api(CLI::App& tool);
Command add_sandbox(CLI::App& tool);
Command add_trigger(CLI::App& tool);
Command add_record(CLI::App& tool);
Command add_replay(CLI::App& tool);
Command add_expect(CLI::App& tool);
Command add_run(CLI::App& tool);
Command add_doctor(CLI::App& tool);
Command add_lint(CLI::App& tool);
Command add_completion(CLI::App& tool);
Command add_version(CLI::App& tool);

/// The commands below `intent sandbox`, which control a running sandbox.
std::vector<Command> add_sandbox_control(CLI::App& sandbox);
std::vector<Command> add_faults(CLI::App& sandbox);
Command add_deliver(CLI::App& sandbox);

}  // namespace tool
