// `intent api METHOD PATH`: calls any route of the REST API.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"

#include <algorithm>
#include <memory>

namespace tool {

namespace {

namespace json = boost::json;

struct ApiFlags {
    Connection connection = {};
    std::string method = {};
    std::string path = {};
    std::vector<std::string> fields = {};
    std::vector<std::string> json_fields = {};
    std::optional<std::string> data = {};
    std::optional<std::string> user = {};
};

std::string text_of(const json::string& text) { return {text.data(), text.size()}; }

/// The query of a GET, from its fields.
std::string with_query(std::string path, const json::value& fields) {
    const auto* object = fields.if_object();
    if (!object) return path;
    char separator = path.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : *object) {
        path += separator + percent_encoded(name) + '=' +
                percent_encoded(value.is_string() ? text_of(value.get_string()) : json::serialize(value));
        separator = '&';
    }
    return path;
}

json::value fields_of(const ApiFlags& flags) {
    json::value fields;
    for (const auto& field : flags.fields) {
        const auto [path, text] = split_setting("-f", field);
        set_at(fields, "-f", path, json::value(text));
    }
    for (const auto& field : flags.json_fields) {
        const auto [path, text] = split_setting("-F", field);
        set_at(fields, "-F", path, json_of("-F", path, text));
    }
    return fields;
}

std::string call_as(const ApiFlags& flags, const std::string& path, std::string body) {
    if (!path.starts_with('/')) throw WrongUsage("path: must begin with '/', e.g. /servers");
    Control control({.url = flags.connection.rest});
    return control
        .call({.method = flags.method, .path = "/as/" + percent_encoded(*flags.user) + path, .body = std::move(body)})
        .body;
}

int call(ApiFlags& flags) {
    std::ranges::transform(flags.method, flags.method.begin(), [](unsigned char c) { return std::toupper(c); });
    const json::value fields = fields_of(flags);
    std::string path = flags.path;
    std::string body;
    if (flags.data) {
        body = json::serialize(read_json("--data", *flags.data));
    } else if (flags.method == "GET") {
        path = with_query(path, fields);
    } else if (!fields.is_null()) {
        body = json::serialize(fields);
    }
    std::string answer;
    if (flags.user) {
        answer = call_as(flags, path, std::move(body));
    } else {
        const auto options = rest_options(flags.connection);
        intent::RestClient rest(options);
        answer = secrets_of(options.token).redact(rest.call_json(flags.method, path, body).get());
    }
    return answer.empty() || print_json(answer) ? done : failed;
}

}  // namespace

Command add_api(CLI::App& tool) {
    auto* command = tool.add_subcommand("api", "Call any route of the REST API and print its JSON response");
    const auto flags = std::make_shared<ApiFlags>();
    command->add_option("method", flags->method, "HTTP method")->type_name("GET|POST|PUT|PATCH|DELETE")->required();
    command->add_option("path", flags->path, "Path below the base URL, e.g. /channels/1/messages")
        ->type_name("PATH")
        ->required();
    auto* text = repeatable(
        command->add_option("-f,--field", flags->fields, "A text field of the body (GET: of the query); repeatable"));
    text->type_name("NAME=TEXT");
    auto* value =
        repeatable(command->add_option("-F,--json-field", flags->json_fields, "A field with a JSON value; repeatable"));
    value->type_name("NAME=JSON");
    command->add_option("--data", flags->data, "The whole body as JSON; -: standard input")
        ->type_name("FILE")
        ->excludes(text)
        ->excludes(value);
    command->add_option("--as", flags->user, "Act as this user of a running sandbox, without limits and token")
        ->type_name("USER");
    add_connection_flags(*command, flags->connection, Reaches::rest);
    return {command, [flags] { return call(*flags); }};
}

}  // namespace tool
