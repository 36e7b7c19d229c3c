// The program `intent-relay`, which `intent relay` executes (docs/scale-out.md).
#include "tools/intent/relay/flags.hpp"
#include "tools/intent/support/program.hpp"
#include "tools/relay/commands/commands.hpp"

#include <memory>

namespace {

std::vector<tool::Command> add_commands(CLI::App& app, const std::vector<std::string>&) {
    const auto flags = std::make_shared<tool::RelayFlags>();
    const auto commands = tool::add_relay_commands(app, *flags);
    return {{commands.run, [flags] { return tool::run_relay(flags->run); }},
            {commands.accounts, [flags] { return tool::print_accounts(flags->accounts); }},
            {commands.status, [flags] { return tool::show_status(flags->status); }},
            {commands.list, [flags] { return tool::list_dead_letters(flags->list); }},
            {commands.show, [flags] { return tool::show_dead_letters(flags->show); }},
            {commands.retry, [flags] { return tool::retry_dead_letters(flags->retry); }},
            {commands.drop, [flags] { return tool::drop_dead_letters(flags->drop); }}};
}

}  // namespace

int main(int argc, char** argv) {
    return tool::run_program("intent-relay", "The relay of a bot whose handlers run in several processes", argc, argv,
                             add_commands);
}
