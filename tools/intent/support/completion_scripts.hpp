// Completion scripts for shells, from a list of the commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The possible values: {"file"}, {"command"}, {"words", "spec", "web"}, or {"none"} if they are unknown.
using Values = std::vector<std::string>;

struct CompletedFlag {
    std::vector<std::string> names;  ///< "--event", "-v"
    std::string help;
    Values values;  ///< empty: a flag without a value
};

struct CompletedCommand {
    std::string path;  ///< "intent sandbox fault"
    std::string help;
    bool alias = false;                   ///< another name of a command: understood, not offered
    std::vector<std::string> below = {};  ///< names of its subcommands
    std::vector<CompletedFlag> flags = {};
    std::vector<Values> words = {};  ///< of its positional arguments
    bool repeats = false;            ///< the last argument may be repeated
};

// `commands` are all commands of the tool, parents first.

std::string bash_completion(const std::vector<CompletedCommand>& commands);
std::string zsh_completion(const std::vector<CompletedCommand>& commands);
std::string fish_completion(const std::vector<CompletedCommand>& commands);

/// `text` in single quotes, for all three shells.
std::string shell_quoted(std::string_view text);

/// The words, separated by spaces.
std::string joined(const std::vector<std::string>& words);

}  // namespace tool
