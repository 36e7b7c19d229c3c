#include "relay/broker/broker_options.hpp"

#include "net/environment.hpp"
#include "net/file.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace intent::relay::broker {

ConnectionOptions connection_options(const BrokerOptions& options, std::string name) {
    ConnectionOptions result;
    result.urls = options.urls;
    result.name = std::move(name);
    result.user = options.user;
    result.password = options.password;
    result.token = options.token;
    result.credentials_file = options.credentials_file;
    result.nkey = options.nkey;
    result.nkey_seed_file = options.nkey_seed_file;
    result.tls = options.tls;
    result.ca_file = options.ca_file;
    result.certificate_file = options.certificate_file;
    result.key_file = options.key_file;
    result.inbox_prefix = options.inbox_prefix;
    result.connect_timeout = options.connect_timeout;
    result.request_timeout = options.request_timeout;
    return result;
}

}  // namespace intent::relay::broker

namespace intent::inline v0 {

namespace {

/// The first line of a file.
std::string password_in(const std::string& path) {
    const auto read = net::read_file(path, std::size_t{4} << 10);
    const auto refuse = [&](const std::string& why) {
        return ConfigError("INTENT_BROKER_PASSWORD_FILE: " + path + ": " + why);
    };
    if (!read.problem.empty()) throw refuse(read.problem);
    if (!read.content) throw refuse("does not exist");
    std::string text = read.content->substr(0, read.content->find('\n'));
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) throw refuse("its first line is empty");
    return text;
}

}  // namespace

BrokerOptions broker_options_from_env() {
    BrokerOptions options;
    const auto read = [](const char* name, auto& value) {
        if (auto text = net::environment_variable(name); text && !text->empty()) value = std::move(*text);
    };
    std::string urls;
    read("INTENT_BROKER", urls);
    if (!urls.empty()) options.urls.clear();
    for (std::string_view rest = urls; !rest.empty();) {
        const auto url = rest.substr(0, rest.find(','));
        options.urls.emplace_back(url);
        rest.remove_prefix(std::min(rest.size(), url.size() + 1));
    }
    read("INTENT_BOT", options.bot);
    read("INTENT_BROKER_USER", options.user);
    read("INTENT_BROKER_PASSWORD", options.password);
    std::string password_file;
    read("INTENT_BROKER_PASSWORD_FILE", password_file);
    if (!password_file.empty()) {
        if (!options.password.empty())
            throw ConfigError("INTENT_BROKER_PASSWORD and INTENT_BROKER_PASSWORD_FILE are both set; set one of them");
        options.password = password_in(password_file);
    }
    read("INTENT_BROKER_TOKEN", options.token);
    read("INTENT_BROKER_CREDENTIALS", options.credentials_file);
    read("INTENT_BROKER_NKEY", options.nkey);
    read("INTENT_BROKER_NKEY_SEED", options.nkey_seed_file);
    read("INTENT_BROKER_CA", options.ca_file);
    read("INTENT_BROKER_CERTIFICATE", options.certificate_file);
    read("INTENT_BROKER_KEY", options.key_file);
    read("INTENT_BROKER_INBOX", options.inbox_prefix);
    return options;
}

}  // namespace intent
