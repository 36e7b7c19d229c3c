// The list of the commands, in the order of `intent --help`. Each is defined in a file of `commands/`.
#include "tools/intent/support/command.hpp"

#include <utility>

namespace tool {

Command add_new(CLI::App& tool);
Command add_listen(CLI::App& tool);
Command add_send(CLI::App& tool);
Command add_get(CLI::App& tool);
Command add_api(CLI::App& tool);
Command add_export(CLI::App& tool);
Command add_run(CLI::App& tool);
Command add_sandbox(CLI::App& tool);
Command add_trigger(CLI::App& tool);
Command add_expect(CLI::App& tool);
Command add_record(CLI::App& tool);
Command add_replay(CLI::App& tool);
Command add_doctor(CLI::App& tool);
Command add_lint(CLI::App& tool);
Command add_completion(CLI::App& tool);
Command add_version(CLI::App& tool);

// Below `intent sandbox`: they control a running sandbox.
std::vector<Command> add_faults(CLI::App& sandbox);
std::vector<Command> add_sandbox_control(CLI::App& sandbox);
Command add_deliver(CLI::App& sandbox);

#ifdef INTENT_TOOL_HAS_RELAY
std::vector<Command> add_relay(CLI::App& tool, const std::vector<std::string>& words);
#endif

namespace {

#ifndef INTENT_TOOL_HAS_SANDBOX
/// A tool without a sandbox of its own can still control one.
Command add_sandbox_group(CLI::App& tool) {
    auto* group = tool.add_subcommand("sandbox", "Control a platform that runs on this machine");
    group->require_subcommand(1);
    return {group, {}};
}
#endif

}  // namespace

std::vector<Command> add_commands(CLI::App& tool, [[maybe_unused]] const std::vector<std::string>& words) {
    std::vector<Command> commands{add_new(tool), add_listen(tool), add_send(tool),
                                  add_get(tool), add_api(tool),    add_export(tool)};
#ifdef INTENT_TOOL_HAS_SANDBOX
    commands.push_back(add_run(tool));
    Command sandbox = add_sandbox(tool);
#else
    Command sandbox = add_sandbox_group(tool);
#endif
    for (auto& below : {add_faults(*sandbox.app), add_sandbox_control(*sandbox.app)})
        commands.insert(commands.end(), below.begin(), below.end());
    commands.push_back(add_deliver(*sandbox.app));
    commands.push_back(std::move(sandbox));
#ifdef INTENT_TOOL_HAS_RELAY
    for (auto& below : add_relay(tool, words))
        commands.push_back(std::move(below));
#endif
    for (auto* add :
         {add_trigger, add_expect, add_record, add_replay, add_doctor, add_lint, add_completion, add_version})
        commands.push_back(add(tool));
    return commands;
}

}  // namespace tool
