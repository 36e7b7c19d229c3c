// `intent get PATH`: sends a GET request and prints the response.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"

#include <memory>

namespace tool {

namespace {

struct Get {
    Connection connection = {};
    std::string path = {};

    int run() const {
        const auto options = rest_options(connection);
        intent::RestClient rest(options);
        const std::string answer = rest.get_json(path).get();
        return print_json(secrets_of(options.token).redact(answer)) ? done : failed;
    }
};

}  // namespace

Command add_get(CLI::App& tool) {
    auto* command = tool.add_subcommand("get", "GET a path of the REST API and print its JSON response");
    const auto get = std::make_shared<Get>();
    command->add_option("path", get->path, "Path below the base URL, e.g. /servers or '/channels/1/messages?limit=5'")
        ->type_name("PATH")
        ->required();
    add_connection_flags(*command, get->connection, Reaches::rest);
    return {command, [get] { return get->run(); }};
}

}  // namespace tool
