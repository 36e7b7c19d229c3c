// Completion scripts for shells, made of the command tree itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace tool {

/// What can stand for a value: {"file"}, {"command"}, {"words", "spec", "web"}, or {"none"} for what cannot be known.
using Values = std::vector<std::string>;

struct CompletedFlag {
    std::vector<std::string> names;  ///< "--event", "-v"
    std::string help;
    Values values;  ///< empty: it takes none
};

struct CompletedCommand {
    std::string path;  ///< "intent sandbox fault"
    std::string help;
    bool alias = false;                   ///< another name of one: understood, not offered
    std::vector<std::string> below = {};  ///< names of the commands below it
    std::vector<CompletedFlag> flags = {};
    std::vector<Values> words = {};  ///< of its positional arguments
    bool repeats = false;            ///< the last of them may come again
};

/// Every command of the tree, each after the one above it.
std::vector<CompletedCommand> completed_commands(const CLI::App& tool);

std::string bash_completion(const std::vector<CompletedCommand>& commands);
std::string zsh_completion(const std::vector<CompletedCommand>& commands);
std::string fish_completion(const std::vector<CompletedCommand>& commands);

/// In single quotes, for all three shells.
std::string shell_quoted(std::string_view text);

/// The words with a blank between each two.
std::string joined(const std::vector<std::string>& words);

}  // namespace tool
