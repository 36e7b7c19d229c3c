// `intent send CHANNEL TEXT`: sends one message.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"

#include <intent/json.hpp>

#include <memory>

namespace tool {

namespace {

struct Send {
    Connection connection = {};
    std::string channel = {};
    std::string text = {};

    int run() const {
        const auto id = channel_id(channel);
        const auto options = rest_options(connection);
        intent::RestClient rest(options);
        const std::string message = intent::to_json(rest.create_message(id, text).get());
        return print_json(secrets_of(options.token).redact(message)) ? done : failed;
    }
};

}  // namespace

Command add_send(CLI::App& tool) {
    auto* command = tool.add_subcommand("send", "Send a message to a channel and print it as JSON");
    const auto send = std::make_shared<Send>();
    command->add_option("channel", send->channel, "The channel's id")->type_name("CHANNEL")->required();
    command->add_option("text", send->text, "At most 2000 characters")->type_name("TEXT")->required();
    add_connection_flags(*command, send->connection, Reaches::rest);
    return {command, [send] { return send->run(); }};
}

}  // namespace tool
