#include "tools/relay/support/broker_access.hpp"

#include "relay/broker/broker_options.hpp"
#include "relay/wire/token.hpp"
#include "tools/intent/support/command.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace tool {

namespace {

constexpr std::chrono::seconds connect_time{5};

/// The first line of a file that only its owner and group can read, as INTENT_BROKER_PASSWORD_FILE demands it.
std::string password_from(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    if (!file || (!std::getline(file, text) && !file.eof()))
        throw WrongUsage("--password-file " + path + ": " + std::generic_category().message(errno));
    struct stat status {};
    if (stat(path.c_str(), &status) == 0 && (status.st_mode & S_IRWXO) != 0)
        throw WrongUsage("--password-file " + path + ": other users can access it (chmod 600)");
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    if (text.empty()) throw WrongUsage("--password-file " + path + ": the first line has no password");
    return text;
}

}  // namespace

intent::BrokerOptions broker_options(const BrokerFlags& flags) {
    intent::BrokerOptions options = intent::broker_options_from_env();
    if (!flags.urls.empty()) options.urls = flags.urls;
    if (flags.bot) options.bot = *flags.bot;
    if (!intent::relay::is_name(options.bot))
        throw WrongUsage("--bot " + options.bot + ": a name has " + std::string(intent::relay::name_rule));
    if (flags.user) options.user = *flags.user;
    if (flags.password_file) options.password = intent::Secret(password_from(*flags.password_file));
    if (flags.credentials) options.credentials_file = *flags.credentials;
    if (flags.ca) options.ca_file = *flags.ca;
    if (flags.certificate) options.certificate_file = *flags.certificate;
    if (flags.key) options.key_file = *flags.key;
    return options;
}

BrokerAccess connect_to_broker(const BrokerFlags& flags) {
    const auto options = broker_options(flags);
    auto connection = std::make_shared<intent::relay::broker::Connection>(
        intent::relay::broker::connection_options(options, "intent relay"));
    if (!connection->wait_connected(connect_time)) {
        const std::string problem = connection->last_problem();
        throw std::runtime_error("broker " + options.urls.front() + ": " +
                                 (problem.empty() ? "no connection within 5 s" : problem));
    }
    return {std::move(connection), intent::relay::Names(options.bot)};
}

std::string status_subject(const intent::relay::Names& names) { return "intent." + names.bot() + ".status"; }

}  // namespace tool
