// A program with subcommands: from its arguments to its exit status.
#pragma once

#include "tools/intent/support/command.hpp"

#include <string>
#include <vector>

namespace tool {

/// Runs the command that the arguments name, and converts its exceptions to one line and an exit status. `add` adds the
/// commands; `words` are the arguments.
int run_program(const std::string& name, const std::string& about, int argc, char** argv,
                std::vector<Command> (*add)(CLI::App& app, const std::vector<std::string>& words));

}  // namespace tool
