#include "tools/intent/support/control.hpp"

#include "net/environment.hpp"
#include "net/url.hpp"
#include "text/percent.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/shown_path.hpp"

#include <fmt/core.h>

#include <variant>

namespace tool {

namespace net = intent::net;

namespace {

std::string origin_of(const SandboxAddress& address) {
    std::string source = "--url";
    std::optional<std::string> text = address.url;
    if (!text) {
        source = "INTENT_REST_URL";
        text = net::environment_variable("INTENT_REST_URL");
    }
    auto parsed = net::parse_url(text.value_or("http://localhost:8080"), "http", "https");
    if (const auto* fault = std::get_if<std::string>(&parsed)) throw WrongUsage(source + ": " + *fault);
    auto& url = std::get<net::Url>(parsed);
    url.target = "";
    return url.text();
}

/// The sandbox's error, formatted for the terminal.
std::string error_text(const net::HttpResponse& answer) {
    const auto body = parsed_json(answer.body);
    const std::string text = body ? text_at(*body, "error") : std::string();
    const std::string code = body ? text_at(*body, "code") : std::string();
    if (text.empty()) return fmt::format("status {}", answer.status);
    return fmt::format("{} ({}{}{})", text, answer.status, code.empty() ? "" : " ", code);
}

}  // namespace

void add_address_flag(CLI::App& command, SandboxAddress& address) {
    command
        .add_option("--url,--rest", address.url,
                    "The sandbox, http://HOST:PORT (env INTENT_REST_URL, else http://localhost:8080)")
        ->type_name("URL");
}

Control::Control(const SandboxAddress& address) : origin_(origin_of(address)) {}

net::HttpResponse Control::call(Request request) {
    const std::string what = request.method + " " + shown_path(request.path);
    net::HttpRequest http{.method = request.method, .url = origin_ + "/_sandbox/v1" + request.path};
    http.timeout = request.timeout;
    if (!request.body.empty()) {
        http.headers.emplace_back("content-type", request.content_type);
        http.body = std::move(request.body);
    }
    auto result = http_.call(std::move(http));
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) {
        const bool not_running = failure->kind == net::HttpFailure::Kind::connect;
        throw Unreachable(fmt::format("sandbox at {}: {}{}", origin_, failure->text,
                                      not_running ? "; is `intent sandbox` running? --url sets its address" : ""));
    }
    auto& answer = std::get<net::HttpResponse>(result);
    if (answer.status >= 200 && answer.status < 300) return std::move(answer);
    if (answer.status == 404 && !parsed_json(answer.body)) {
        throw ControlError(origin_ + " is not a sandbox with a control API (" + what + ": 404)");
    }
    throw ControlError(what + ": " + error_text(answer));
}

boost::json::value Control::get(const std::string& path) {
    const auto answer = call({.path = path});
    auto value = parsed_json(answer.body);
    if (!value)
        throw ControlError("GET " + shown_path(path) + ": " + origin_ + " answered with something that is not JSON");
    return *std::move(value);
}

boost::json::value Control::post(const std::string& path, const boost::json::value& body) {
    const auto answer = call({.method = "POST", .path = path, .body = boost::json::serialize(body)});
    if (answer.body.empty()) return nullptr;
    auto value = parsed_json(answer.body);
    if (!value)
        throw ControlError("POST " + shown_path(path) + ": " + origin_ + " answered with something that is not JSON");
    return *std::move(value);
}

void Control::remove(const std::string& path) { call({.method = "DELETE", .path = path}); }

std::string percent_encoded(std::string_view text) { return intent::text::percent_encode(text, "@"); }

std::optional<std::string> header(const net::HttpResponse& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers)
        if (key == name) return value;
    return std::nullopt;
}

}  // namespace tool
