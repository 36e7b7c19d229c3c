#include "tools/intent/support/connection.hpp"

#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"

#include <intent/errors.hpp>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace tool {

namespace {

/// Sets a value from its flag, otherwise from its environment variable.
void take(std::string& setting, const std::optional<std::string>& flag, const char* variable) {
    if (flag) {
        setting = *flag;
    } else if (const char* value = std::getenv(variable)) {
        setting = value;
    }
}

intent::Token token_from_file(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    // Opening a folder succeeds; reading from it fails.
    if (!file || (!std::getline(file, text) && !file.eof())) {
        throw WrongUsage("--token-file " + path + ": " + std::generic_category().message(errno));
    }
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    if (text.empty()) throw WrongUsage("--token-file " + path + ": the first line has no token");
    try {
        return intent::Token(std::move(text));
    } catch (const intent::ConfigError& error) {
        throw WrongUsage("--token-file " + path + ": " + error.what());
    }
}

}  // namespace

void add_connection_flags(CLI::App& command, Connection& connection, Reaches reaches) {
    if (reaches == Reaches::rest_and_gateway) {
        command.add_option("--gateway", connection.gateway, "Gateway, ws:// or wss:// (env INTENT_GATEWAY_URL)")
            ->type_name("URL");
    }
    command.add_option("--rest", connection.rest, "REST API, http:// or https:// with base path (env INTENT_REST_URL)")
        ->type_name("URL");
    auto* file = command.add_option("--token-file", connection.token_file, "File whose first line is the token")
                     ->type_name("FILE");
    command.add_option("--token", connection.token, "The token; visible in ps (better: env INTENT_TOKEN)")
        ->type_name("T")
        ->excludes(file);
    command.add_flag("-v,--verbose", connection.verbose, "Log to standard error");
}

void warn_of_token_on_command_line(std::string_view flag, std::string_view instead) {
    print_error("warning: a token on the command line (" + std::string(flag) +
                ") is visible in the list of processes; " + std::string(instead));
}

intent::Token token_of(const Connection& connection) {
    if (connection.token_file) return token_from_file(*connection.token_file);
    if (connection.token) {
        warn_of_token_on_command_line("--token", "use INTENT_TOKEN or --token-file");
        return intent::Token(*connection.token);
    }
    if (std::getenv("INTENT_TOKEN") == nullptr && std::getenv("INTENT_TOKEN_FILE") == nullptr) {
        throw WrongUsage("no token: set INTENT_TOKEN or use --token-file");
    }
    return intent::token_from_env();
}

intent::text::Redactor secrets_of(const intent::Token& token) {
    intent::text::Redactor secrets;
    secrets.set_token(token.reveal());
    return secrets;
}

std::shared_ptr<intent::LogSink> log_for_people(intent::LogLevel lowest) {
    return intent::stderr_log(
        intent::LogOptions{.levels = {.lowest = lowest}, .format = intent::LogFormat::logfmt, .repeat_limit = 0});
}

intent::ClientOptions addresses(const Connection& connection) {
    intent::ClientOptions options;
    take(options.gateway_url, connection.gateway, "INTENT_GATEWAY_URL");
    take(options.rest_url, connection.rest, "INTENT_REST_URL");
    return options;
}

intent::ClientOptions client_options(const Connection& connection) {
    intent::ClientOptions options = addresses(connection);
    options.token = token_of(connection);
    if (connection.verbose) options.log = log_for_people(intent::LogLevel::debug);
    return options;
}

intent::RestOptions rest_options(const Connection& connection) {
    intent::RestOptions options;
    options.token = token_of(connection);
    take(options.rest_url, connection.rest, "INTENT_REST_URL");
    // The error of the request reports its failure; do not log it too.
    options.log = log_for_people(connection.verbose ? intent::LogLevel::debug : intent::LogLevel::error);
    return options;
}

intent::ChannelId channel_id(std::string_view argument) {
    if (const auto id = intent::ChannelId::parse(argument)) return *id;
    throw WrongUsage("CHANNEL: \"" + std::string(argument) + "\" is not an id (decimal digits, at most 64 bits)");
}

}  // namespace tool
