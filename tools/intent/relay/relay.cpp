// `intent relay`: hands over to the program `intent-relay`, so that this one needs no broker's client.
#include "tools/intent/process/child.hpp"
#include "tools/intent/relay/flags.hpp"
#include "tools/intent/support/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

namespace tool {

namespace {

constexpr const char* program_name = "intent-relay";

/// Beside this program, otherwise in PATH.
std::string find_program() {
    std::error_code error;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error)
        if (auto file = program_file((own.parent_path() / program_name).string())) return *file;
    if (auto file = program_file(program_name)) return *file;
    throw std::runtime_error(std::string("the program ") + program_name +
                             " is not installed (package intent-relay, or -DINTENT_BUILD_RELAY=ON)");
}

int hand_over(std::vector<std::string> words) {
    const std::string file = find_program();
    words.front() = program_name;  // in place of "relay"
    std::vector<char*> pointers;
    std::ranges::transform(words, std::back_inserter(pointers), [](std::string& word) { return word.data(); });
    pointers.push_back(nullptr);
    execv(file.c_str(), pointers.data());
    throw std::system_error(errno, std::generic_category(), file);
}

}  // namespace

std::vector<Command> add_relay(CLI::App& tool, const std::vector<std::string>& words) {
    auto* group = tool.add_subcommand("relay", "Run a bot on several machines: a relay, its status and dead letters");
    group->require_subcommand(1);
    const auto flags = std::make_shared<RelayFlags>();
    const auto run = [flags, words] { return hand_over(words); };
    std::vector<Command> commands;
    const auto below = add_relay_commands(*group, *flags);
    for (CLI::App* app : {below.run, below.accounts, below.status, below.list, below.show, below.retry, below.drop})
        commands.push_back({app, run});
    return commands;
}

}  // namespace tool
