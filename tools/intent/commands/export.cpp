// `intent export CHANNEL`: prints the messages of a channel, one JSON object per line.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"

#include <intent/json.hpp>

#include <memory>

namespace tool {

namespace {

struct Export {
    Connection connection = {};
    std::string channel = {};
    std::optional<std::size_t> limit = {};

    int run() const {
        const auto id = channel_id(channel);
        const auto options = rest_options(connection);
        const auto secrets = secrets_of(options.token);
        intent::RestClient rest(options);
        auto history = rest.history(id);
        if (limit) history.limit(*limit);
        while (const auto message = history.next().get()) {
            if (!print_json(secrets.redact(intent::to_json(*message)))) return failed;
        }
        return done;
    }
};

}  // namespace

Command add_export(CLI::App& tool) {
    auto* command =
        tool.add_subcommand("export", "Print the messages of a channel, newest first, one JSON object per line");
    const auto exported = std::make_shared<Export>();
    command->add_option("channel", exported->channel, "The channel's id")->type_name("CHANNEL")->required();
    command->add_option("--limit", exported->limit, "At most this many messages (default: all)")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    add_connection_flags(*command, exported->connection, Reaches::rest);
    return {command, [exported] { return exported->run(); }};
}

}  // namespace tool
