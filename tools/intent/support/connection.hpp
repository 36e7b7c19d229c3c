// The flags that say where to connect and with which token; the environment stands behind them.
#pragma once

#include "text/redactor.hpp"

#include <intent/client.hpp>

#include <CLI/CLI.hpp>

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

/// Others see it in the list of processes. `instead`: what to do better.
void warn_of_token_on_command_line(std::string_view flag, std::string_view instead);

/// Errors: WrongUsage if there is no token or it cannot be read; ConfigError if it is none.
intent::Token token_of(const Connection& connection);
/// The addresses, without a token.
intent::ClientOptions addresses(const Connection& connection);

/// Finds the token in what a server sent: it must not be printed, whoever put it there.
intent::text::Redactor secrets_of(const intent::Token& token);

/// Errors: those of `token_of`.
intent::ClientOptions client_options(const Connection& connection);
intent::RestOptions rest_options(const Connection& connection);

}  // namespace tool
