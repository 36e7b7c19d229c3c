// `intent relay accounts`: prints the users of a bot for the configuration of nats-server.
#include "relay/wire/token.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/relay/commands/commands.hpp"
#include "tools/relay/support/accounts_text.hpp"
#include "tools/relay/support/passwords.hpp"

#include <filesystem>
#include <set>

namespace tool {

namespace {

void check_name(std::string_view flag, const std::string& name) {
    if (!intent::relay::is_name(name))
        throw WrongUsage(std::string(flag) + " " + name + ": a name has " + std::string(intent::relay::name_rule));
}

}  // namespace

int print_accounts(const RelayAccountsFlags& flags) {
    check_name("--bot", flags.bot);
    check_name("--relay", flags.relay);
    std::set<std::string> names{flags.relay};
    Accounts accounts{.bot = flags.bot, .relay = {.name = flags.relay}};
    const auto add = [&](std::string_view flag, const std::vector<std::string>& applications, bool ordered) {
        for (const auto& application : applications) {
            check_name(flag, application);
            if (!names.insert(application).second)
                throw WrongUsage(std::string(flag) + " " + application + ": another user has this name");
            accounts.workers.push_back({.user = {.name = application}, .ordered = ordered});
        }
    };
    add("--worker", flags.workers, false);
    add("--ordered", flags.ordered, true);

    const std::filesystem::path folder(flags.passwords);
    accounts.relay.password_hash = password_hash_from(folder / accounts.relay.name);
    for (auto& worker : accounts.workers)
        worker.user.password_hash = password_hash_from(folder / worker.user.name);
    return print_lines(accounts_text(accounts)) ? done : failed;
}

}  // namespace tool
