// The commands of `intent relay` and their flags: for `intent`, which shows their help and completes them, and for
// `intent-relay`, which runs them. Only that program is linked with the broker's client.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tool {

/// How to reach the broker. Environment variables replace missing flags.
struct BrokerFlags {
    std::vector<std::string> urls = {};
    std::optional<std::string> bot = {};
    std::optional<std::string> user = {};
    std::optional<std::string> password_file = {};
    std::optional<std::string> credentials = {};
    std::optional<std::string> ca = {};
    std::optional<std::string> certificate = {};
    std::optional<std::string> key = {};
    bool verbose = false;
};

struct RelayRunFlags {
    BrokerFlags broker = {};
    std::optional<std::string> gateway = {};
    std::optional<std::string> rest = {};
    std::optional<std::string> metrics = {};
    std::optional<std::string> max_age = {};
    std::optional<std::uint64_t> max_mib = {};
    std::optional<std::uint64_t> answers_mib = {};
    std::optional<int> replicas = {};
    bool migrate = false;
};

struct RelayAccountsFlags {
    std::string bot = {};
    std::string relay = "relay";
    std::vector<std::string> workers = {};
    std::vector<std::string> ordered = {};
    std::string passwords = {};
};

struct RelayStatusFlags {
    BrokerFlags broker = {};
    bool json = false;
    bool watch = false;
    std::string interval = "2s";
};

/// Of `dlq list`, `show`, `retry` and `drop`.
struct DeadLetterFlags {
    BrokerFlags broker = {};
    std::optional<std::string> application = {};
    std::vector<std::uint64_t> sequences = {};
    bool all = false;
    std::uint64_t limit = 20;
    bool json = false;
};

struct RelayFlags {
    RelayRunFlags run = {};
    RelayAccountsFlags accounts = {};
    RelayStatusFlags status = {};
    DeadLetterFlags list = {};
    DeadLetterFlags show = {};
    DeadLetterFlags retry = {};
    DeadLetterFlags drop = {};
};

/// The commands. Those with subcommands have no function of their own.
struct RelayCommands {
    CLI::App* run;
    CLI::App* accounts;
    CLI::App* status;
    CLI::App* list;
    CLI::App* show;
    CLI::App* retry;
    CLI::App* drop;
};

/// Adds the commands below `group`. `flags` must outlive it.
RelayCommands add_relay_commands(CLI::App& group, RelayFlags& flags);

}  // namespace tool
