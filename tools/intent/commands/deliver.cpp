// `intent sandbox deliver URL`: posts a signed delivery to a bot's own endpoint, as the platform does.
#include "net/environment.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/table.hpp"

#include <fmt/core.h>

#include <chrono>
#include <memory>

namespace tool {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

struct DeliverFlags {
    SandboxAddress address = {};
    std::string url = {};
    std::optional<std::string> secret = {};
    std::string event = "MESSAGE_CREATE";
    std::optional<std::string> data = {};
    std::optional<std::string> body = {};
    std::optional<std::string> id = {};
    bool enable = false;
    bool no_wait = false;
};

std::string secret_of(const DeliverFlags& flags) {
    if (flags.secret) return *flags.secret;
    if (const auto secret = intent::net::environment_variable("INTENT_WEBHOOK_SECRET")) return *secret;
    throw WrongUsage("no secret: give --secret, or set INTENT_WEBHOOK_SECRET");
}

json::object order_of(const DeliverFlags& flags) {
    json::object request{{"url", flags.url}, {"secret", secret_of(flags)}};
    if (flags.body && flags.data) throw WrongUsage("--body and --data: give one of them");
    if (flags.body) {
        request["body"] = read_input("--body", *flags.body);
    } else {
        request["event"] = flags.event;
        if (flags.data) request["data"] = read_json("--data", *flags.data);
    }
    if (flags.id) request["delivery_id"] = *flags.id;
    if (flags.enable) request["enable"] = true;
    return request;
}

/// "503 after 2 ms"
std::string text_of(const json::value& attempt) {
    const auto& status = at(attempt, "status");
    const std::string outcome = status.is_null() ? cell(at(attempt, "failure")) : cell(status);
    return fmt::format("{} after {} ms", outcome, cell(at(attempt, "ms")));
}

/// Reports each attempt on standard error, and prints the delivery as JSON when it has ended.
int follow(Control& control, json::value delivery) {
    const std::string path = "/deliveries/" + percent_encoded(text_at(delivery, "id"));
    std::size_t reported = 0;
    control.http().heed_signals();
    while (true) {
        const auto& attempts = list_at(delivery, "attempts");
        const auto& wait = at(delivery, "next_attempt_ms");
        for (; reported < attempts.size(); ++reported) {
            const bool is_last = reported + 1 == attempts.size();
            std::string line = fmt::format("attempt {}: {}", reported + 1, text_of(attempts[reported]));
            if (is_last && !wait.is_null()) line += fmt::format("; next attempt in {} ms", cell(wait));
            print_error(line);
        }
        if (text_at(delivery, "state") != "pending") break;
        control.http().pause(100ms);
        delivery = control.get(path);
    }
    if (at(delivery, "endpoint_disabled") == json::value(true))
        print_error("the endpoint is disabled: 50 deliveries in a row failed (use --enable)");
    if (!print_line(json::serialize(delivery))) return failed;
    return text_at(delivery, "state") == "delivered" ? done : failed;
}

int deliver(const DeliverFlags& flags) {
    const json::object request = order_of(flags);
    Control control(flags.address);
    auto delivery = control.post("/deliveries", request);
    if (flags.no_wait) return print_line(json::serialize(delivery)) ? done : failed;
    return follow(control, std::move(delivery));
}

}  // namespace

Command add_deliver(CLI::App& sandbox) {
    auto* command = sandbox.add_subcommand("deliver", "Post a signed delivery to an HTTP endpoint, with retries");
    const auto flags = std::make_shared<DeliverFlags>();
    command->add_option("endpoint", flags->url, "URL of the endpoint, e.g. http://127.0.0.1:9000/hook")
        ->type_name("URL")
        ->required();
    command->add_option("--secret", flags->secret, "Signing secret (default: INTENT_WEBHOOK_SECRET)")
        ->type_name("TEXT");
    command->add_option("--event", flags->event, "Post {\"event\": EVENT, \"data\": …}")
        ->type_name("EVENT")
        ->capture_default_str();
    command->add_option("--data", flags->data, "Data of the event as JSON; -: standard input")->type_name("FILE");
    command->add_option("--body", flags->body, "The whole body, unchanged; -: standard input")->type_name("FILE");
    command->add_option("--id", flags->id, "The delivery's id (default: a new one)")->type_name("ID");
    command->add_flag("--enable", flags->enable, "Enable the endpoint first, if it was disabled");
    command->add_flag("--no-wait", flags->no_wait, "Do not wait for the outcome");
    add_address_flag(*command, flags->address);
    return {command, [flags] { return deliver(*flags); }};
}

}  // namespace tool
