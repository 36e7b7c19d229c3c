// `intent export CHANNEL`: prints the messages of a channel, one JSON object per line.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"

#include <intent/json.hpp>

#include <memory>

namespace tool {

namespace {

constexpr int page_size = 100;

struct Export {
    Connection connection = {};
    std::string channel = {};
    std::optional<std::uint64_t> limit = {};

    int run() const {
        const auto id = channel_id(channel);
        const auto options = rest_options(connection);
        const auto secrets = secrets_of(options.token);
        intent::RestClient rest(options);
        auto page = intent::PageOptions().limit(page_size);
        std::optional<intent::MessageId> oldest;
        for (std::uint64_t printed = 0;;) {
            const auto messages = rest.get_messages(id, page).get();
            if (messages.empty()) return done;
            for (const auto& message : messages) {
                // Otherwise a server that ignores `before` would never let this end.
                if (oldest && message.id >= *oldest)
                    throw std::runtime_error("the server returned message " + message.id.str() + " for a page before " +
                                             oldest->str());
                if (limit && printed == *limit) return done;
                if (!print_json(secrets.redact(intent::to_json(message)))) return failed;
                ++printed;
            }
            oldest = messages.back().id;
            page.before(*oldest);
        }
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
