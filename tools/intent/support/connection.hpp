// The flags for addresses and the token. Environment variables replace missing flags.
#pragma once

#include "text/redactor.hpp"

#include <intent/client.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

struct Connection {
    std::optional<std::string> gateway = {};
    std::optional<std::string> rest = {};
    std::optional<std::string> token = {};
    std::optional<std::string> token_file = {};
    bool verbose = false;
};

enum class Reaches { rest, rest_and_gateway };

/// Adds the flags to a command. `connection` must outlive it.
void add_connection_flags(CLI::App& command, Connection& connection, Reaches reaches);

/// Warns that other users can see the token in the list of processes. `instead`: the better alternative.
void warn_of_token_on_command_line(std::string_view flag, std::string_view instead);

/// Errors: WrongUsage if there is no token or it cannot be read; ConfigError if it is invalid.
intent::Token token_of(const Connection& connection);
/// A log for a person at the command line: logfmt, and every line.
std::shared_ptr<intent::LogSink> log_for_people(intent::LogLevel lowest);

/// The addresses, without a token.
intent::ClientOptions addresses(const Connection& connection);

/// Redacts the token in text of a server: the tool never prints it.
intent::text::Redactor secrets_of(const intent::Token& token);

/// Errors: those of `token_of`.
intent::ClientOptions client_options(const Connection& connection);
intent::RestOptions rest_options(const Connection& connection);

/// The id of the argument CHANNEL. Errors: WrongUsage if it is not an id.
intent::ChannelId channel_id(std::string_view argument);

}  // namespace tool
