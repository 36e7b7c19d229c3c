// `intent version`.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"

#include <intent/version.hpp>

namespace tool {

Command add_version(CLI::App& tool) {
    auto* command = tool.add_subcommand("version", "Print the version");
    return {command, [] { return print_line("intent " + std::string(intent::version())) ? done : failed; }};
}

}  // namespace tool
