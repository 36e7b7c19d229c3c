// `intent completion bash|zsh|fish`, and the command tree for the scripts.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/completion_scripts.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/client.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace tool {

namespace {

/// The possible values of a type name (command.hpp).
Values values_of(const CLI::Option& option) {
    std::string type = option.get_type_name();
    type = type.substr(0, type.find(':'));  // CLI11 appends the names of validators
    if (type == "FILE" || type == "GLOB") return {"file"};
    if (type == "CMD") return {"command"};
    Values words{"words"};
    if (type == "EVENT") {
        for (const auto name : intent::event_names())
            words.emplace_back(name);
        return words;
    }
    if (type == "KINDS") return {"words", "frame", "request", "connection", "fault"};
    if (type.find('|') == std::string::npos) return {"none"};
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
        end = type.find('|', begin);
        words.push_back(type.substr(begin, end - begin));
    }
    return words;
}

void add_options(const CLI::App& app, CompletedCommand& command) {
    for (const CLI::Option* option : app.get_options()) {
        const Values values = option->get_items_expected_max() == 0 ? Values{} : values_of(*option);
        if (option->get_positional()) {
            command.words.push_back(values);
            command.repeats = option->get_items_expected_max() > 1;
            continue;
        }
        CompletedFlag flag{.names = {}, .help = option->get_description(), .values = values};
        for (const auto& name : option->get_lnames())
            flag.names.push_back("--" + name);
        for (const auto& name : option->get_snames())
            flag.names.push_back("-" + name);
        command.flags.push_back(std::move(flag));
    }
}

void add_command(const CLI::App& app, const std::string& path, bool alias, std::vector<CompletedCommand>& commands) {
    CompletedCommand command{.path = path, .help = app.get_description(), .alias = alias};
    add_options(app, command);
    const auto below = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* one : below)
        command.below.push_back(one->get_name());
    commands.push_back(std::move(command));
    for (const CLI::App* one : below) {
        add_command(*one, fmt::format("{} {}", path, one->get_name()), alias, commands);
        for (const auto& name : one->get_aliases())
            add_command(*one, fmt::format("{} {}", path, name), true, commands);
    }
}

/// All commands of the tree, parents first.
std::vector<CompletedCommand> completed_commands(const CLI::App& tool) {
    std::vector<CompletedCommand> commands;
    add_command(tool, tool.get_name(), false, commands);
    return commands;
}

int complete(const CLI::App& tool, const std::string& shell) {
    const auto commands = completed_commands(tool);
    if (shell == "bash") return print_lines(bash_completion(commands)) ? done : failed;
    if (shell == "zsh") return print_lines(zsh_completion(commands)) ? done : failed;
    if (shell == "fish") return print_lines(fish_completion(commands)) ? done : failed;
    throw WrongUsage("SHELL " + shell + ": expected bash, zsh or fish" + suggestion(shell, {"bash", "zsh", "fish"}));
}

}  // namespace

Command add_completion(CLI::App& tool) {
    auto* command = tool.add_subcommand("completion", "Print the completion script for a shell");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "The shell")->type_name("bash|zsh|fish")->required();
    command->footer(
        "bash: source <(intent completion bash)\n"
        "zsh:  source <(intent completion zsh)\n"
        "fish: intent completion fish | source");
    return {command, [&tool, shell] { return complete(tool, *shell); }};
}

}  // namespace tool
