#include "sandbox/control/control.hpp"

#include "sandbox/base/path_pattern.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/access.hpp"

#include <intent/errors.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::string_view root = "/_sandbox";
constexpr std::string_view base = "/_sandbox/v1";
constexpr std::string_view journal_path = "/_sandbox/v1/journal";
constexpr std::string_view clock_path = "/_sandbox/v1/clock";
constexpr std::string_view bot_metrics_path = "/_sandbox/v1/bot-metrics";
constexpr std::string_view metrics_path = "/metrics";  // where Prometheus looks by default
constexpr std::string_view restore_path = "/_sandbox/v1/restore";
constexpr std::string_view any_method = "*";

}  // namespace

ApiReply json_reply(const boost::json::object& body, int status) {
    return {.status = status, .body = boost::json::serialize(body)};
}

struct Control::Entry {
    std::string_view method;
    std::string_view pattern;
    Handler handler;
};

const std::vector<Control::Entry>& Control::entries() {
    static const std::vector<Entry> table{
        {"GET", "/state", &Control::state},
        {"GET", "/users", &Control::list_users},
        {"POST", "/users", &Control::add_user},
        {"POST", "/users/{}/token", &Control::user_token},
        {"POST", "/events", &Control::send_event},
        {"POST", "/frames", &Control::send_frame},
        {"GET", "/sessions", &Control::list_sessions},
        {"GET", "/fault-kinds", &Control::list_fault_kinds},
        {"GET", "/faults", &Control::list_faults},
        {"POST", "/faults", &Control::add_fault},
        {"DELETE", "/faults", &Control::remove_faults},
        {"DELETE", "/faults/{}", &Control::remove_fault},
        {"GET", "/journal", nullptr},  // `read_journal` answers, maybe later
        {"DELETE", "/journal", &Control::clear_journal},
        {"GET", "/buckets", &Control::list_buckets},
        {"POST", "/reset", &Control::reset},
        {"GET", "/clock", &Control::read_clock},
        {"POST", "/clock", nullptr},  // `advance_clock`, likewise
        {"GET", "/snapshot", &Control::snapshot},
        {"POST", "/restore", &Control::restore},
        {"POST", "/direct-channels", &Control::open_direct_channel},
        {"GET", "/direct-channels", &Control::list_direct_channels},
        {"POST", "/deliveries", &Control::add_delivery},
        {"GET", "/deliveries", &Control::list_deliveries},
        {"GET", "/deliveries/{}", &Control::get_delivery},
        {"DELETE", "/deliveries", &Control::remove_deliveries},
        {"GET", "/bot-metrics", nullptr},  // `read_bot_metrics`, likewise
        {any_method, "/as/{}/*", &Control::act_as},
        {any_method, "/as/{}", &Control::act_as},  // reports what is missing
    };
    return table;
}

bool Control::is_control_request(std::string_view path) {
    if (path == metrics_path) return true;
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

void Control::handle(const net::ServerRequest& request, const Respond& respond) {
    ApiReply reply;
    try {
        check_caller(request);
        if (request.method == "GET" && request.path == journal_path) return read_journal(request, respond);
        if (request.method == "POST" && request.path == clock_path) return advance_clock(request, respond);
        if (request.method == "GET" && request.path == bot_metrics_path) return read_bot_metrics(request, respond);
        reply = answer(request);
    } catch (const Problem& problem) {
        reply = error_reply(problem.status(), problem.code(), problem.text());
    } catch (const ConfigError& error) {
        reply = error_reply(400, "INVALID_FIELD", error.what());
    } catch (const std::exception& error) {
        reply = failure_reply(error);
    }
    sandbox_.complete(std::move(reply), [respond](ApiReply done) { send(std::move(done), respond); });
}

void Control::send(ApiReply reply, const Respond& respond) {
    const bool has_type = std::any_of(reply.headers.begin(), reply.headers.end(),
                                      [](const auto& header) { return header.first == "Content-Type"; });
    if (!reply.body.empty() && !has_type) reply.headers.emplace_back("Content-Type", "application/json");
    reply.headers.emplace_back("Cache-Control", "no-store");
    respond({.status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)});
}

std::optional<std::string> Control::refused(const net::ServerRequest& request) const {
    const bool secure = !sandbox_.options().certificate_file.empty();
    return refusal({.peer = request.peer, .headers = request.headers}, sandbox_.port(), secure);
}

void Control::check_caller(const net::ServerRequest& request) const {
    if (const auto why = refused(request)) throw Problem(403, "CONTROL_FORBIDDEN", *why);
}

bool Control::may_restore(const net::ServerRequest& head) const {
    return head.method == "POST" && head.path == restore_path && !refused(head);
}

ApiReply Control::answer(const net::ServerRequest& request) {
    if (request.path == metrics_path) return metrics(request);
    if (!request.path.starts_with(base))
        throw Problem(404, "UNKNOWN_ROUTE", "control requests begin with /_sandbox/v1");
    Request below{.http = request, .path = request.path.substr(base.size())};
    return run(below);
}

ApiReply Control::run(Request& request) {
    std::string allowed;
    for (const auto& entry : entries()) {
        std::vector<std::string> arguments;
        const auto collect = [&](std::string_view, std::string_view text) {
            arguments.emplace_back(text);
            return true;
        };
        if (!match_path(entry.pattern, request.path, collect)) continue;
        if (entry.method == any_method || entry.method == request.http.method) {
            request.arguments = std::move(arguments);
            return (this->*entry.handler)(request);
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(entry.method);
    }
    if (allowed.empty())
        throw Problem(404, "UNKNOWN_ROUTE", "unknown control request; docs/sandbox-control.md lists them");
    ApiReply reply = error_reply(405, "METHOD_NOT_ALLOWED", "allowed methods: " + allowed);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

}  // namespace intent::sandbox
