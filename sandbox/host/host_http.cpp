// A running sandbox's HTTP: requests to the API, and the effects of faults on them.
#include "net/transit.hpp"
#include "sandbox/host/host.hpp"
#include "sandbox/host/page.hpp"
#include "sandbox/rest/http_request.hpp"
#include "sandbox/rest/router.hpp"

#include <exception>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::string_view rest_base = "/api/v1";
constexpr std::size_t max_stalled = 1000;
constexpr std::size_t max_traceparent = 128;  // of version 00: 55 bytes

bool below_rest_base(std::string_view path) {
    return path.starts_with(rest_base) && (path.size() == rest_base.size() || path[rest_base.size()] == '/');
}

std::string header_of(const net::ServerResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

net::ServerResponse response_of(ApiReply reply) {
    return {.status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)};
}

net::ServerResponse refuse(int status, std::string_view code, std::string_view text) {
    net::ServerResponse response = response_of(error_reply(status, code, text));
    response.headers.emplace_back("Content-Type", "application/json");
    return response;
}

ApiReply broken_status(const Fault& fault) {
    if (!fault.body && !fault.content_type) return error_reply(fault.status, "FAULT", "a fault of the sandbox answers");
    return {.status = fault.status,
            .headers = {{"Content-Type", fault.content_type.value_or("application/json")}},
            .body = fault.body.value_or("")};
}

/// The start of an object; replaces any body, also an empty one (204).
void make_malformed(net::ServerResponse& response) {
    if (response.status == 204) response.status = 200;
    response.body = "{\"id\": \"1\", \"conte";
}

}  // namespace

/// One request of the API, from its arrival to its answer.
struct Host::Exchange {
    RestRequest request;
    std::function<void(net::ServerResponse)> respond;
    net::Time begun;
    std::shared_ptr<net::Transit> transit;  ///< null if the client has another clock
    std::optional<std::uint64_t> fault = {};
    std::string traceparent = {};
};

std::optional<net::ServerResponse> Host::turn_away(const net::ServerRequest& head) {
    if (Control::is_control_request(head.path)) return std::nullopt;  // stricter: guard.hpp
    const auto why = access_.refusal(head.headers);
    if (!why) return std::nullopt;
    ++traffic_.requests;
    // A page may ask as often as it likes; the log does not grow with it.
    if (const auto times = ++traffic_.refused; (times & (times - 1)) == 0) {
        const auto named = [&](std::string_view header) { return std::string(head.header(header).substr(0, 200)); };
        log(LogLevel::warn, "refused " + head.method + " " + without_secrets(head.path) + " (Host \"" + named("host") +
                                "\", Origin \"" + named("origin") + "\"): " + *why +
                                "; refusals so far: " + std::to_string(times));
    }
    return refuse(403, "MISSING_ACCESS", *why);
}

std::optional<std::size_t> Host::body_limit(const net::ServerRequest& head) {
    return control_.may_restore(head) ? max_store_body : max_request_body;
}

net::ServerResponse Host::on_body_too_large(const net::ServerRequest& head) {
    const bool restores = control_.may_restore(head);
    const char* text = restores ? "body: at most 256 MiB allowed" : "body: at most 4 MiB allowed";
    if (Control::is_control_request(head.path)) return refuse(413, "BODY_TOO_LARGE", text);
    ++traffic_.requests;
    if (!below_rest_base(head.path)) return refuse(413, "BODY_TOO_LARGE", text);
    traffic_.count_call(head.method, std::string_view(head.path).substr(rest_base.size()), 413);
    return response_of(
        with_common_headers(error_reply(413, "BODY_TOO_LARGE", text), std::string(head.header("origin"))));
}

void Host::on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) {
    if (Control::is_control_request(request.path)) return control_.handle(request, respond);
    if (!below_rest_base(request.path)) {
        ++traffic_.requests;
        net::ServerResponse response = answer(request);
        response.headers.emplace_back("Date", http_date(read_clock().system));
        log(LogLevel::debug,
            request.method + " " + without_secrets(request.path) + " " + std::to_string(response.status));
        return respond(std::move(response));
    }
    auto exchange = std::make_shared<Exchange>();
    exchange->begun = loop_.now();
    exchange->transit = net::Transit::find(loop_.clock(), request.header(net::Transit::header));
    exchange->traceparent = request.header("traceparent").substr(0, max_traceparent);
    std::string path = request.path.substr(rest_base.size());
    exchange->request = rest_request(std::move(request), std::move(path));
    exchange->respond = std::move(respond);
    if (!authenticate(*exchange)) return;
    if (const auto hit = faults_.apply(clock_.now(), {.kind = FaultPoint::Kind::request,
                                                      .method = exchange->request.method,
                                                      .path = exchange->request.path,
                                                      .user = exchange->request.actor}))
        return apply_to_request(exchange, *hit);
    answer_api(exchange, [this, exchange](net::ServerResponse response) { finish(*exchange, std::move(response)); });
}

bool Host::authenticate(Exchange& exchange) {
    try {
        api_.authenticate(exchange.request, read_clock().system);
        return true;
    } catch (const std::exception& error) {
        finish_without_api(exchange, failure_reply(error));
        return false;
    }
}

void Host::answer_api(const std::shared_ptr<Exchange>& exchange, std::function<void(net::ServerResponse)> then) {
    complete(api_.begin(exchange->request, read_clock()),
             [then = std::move(then)](ApiReply reply) { then(response_of(std::move(reply))); });
}

void Host::complete(ApiReply reply, std::function<void(ApiReply)> then) {
    if (!reply.step) return then(std::move(reply));
    const auto step = reply.step;
    const bool taken = passwords_.start(step->work, [this, step, then](PasswordResult result) {
        loop_.post([this, step, then, result = std::move(result)] { then(step->finish(&result, read_clock())); });
    });
    if (!taken) then(step->finish(nullptr, read_clock()));
}

net::ServerResponse Host::answer(const net::ServerRequest& request) {
    if (auto page = page_response(request)) return *std::move(page);
    if (request.path != "/gateway") return refuse(404, "UNKNOWN_ROUTE", "no such route; the REST API is below /api/v1");
    net::ServerResponse response = refuse(426, "UPGRADE_REQUIRED", "the gateway speaks WebSocket");
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
}

void Host::apply_to_request(const std::shared_ptr<Exchange>& exchange, const Faults::Hit& hit) {
    using Kind = FaultKind;
    const Fault fault = *hit.fault;  // it may be removed before the answer is made
    const RestRequest& request = exchange->request;
    exchange->fault = hit.id;
    record_fault(hit.id, fault.kind, 0, {.session = 0, .user = request.actor.value_or(UserId{})}, request.path);
    const auto answer_changed = [this, exchange](std::function<void(net::ServerResponse&)> change) {
        answer_api(exchange, [this, exchange, change = std::move(change)](net::ServerResponse response) {
            change(response);
            finish(*exchange, std::move(response));
        });
    };
    const auto answer_normally = [answer_changed] { answer_changed([](net::ServerResponse&) {}); };
    switch (fault.kind) {
        case Kind::status:
            return finish_without_api(*exchange, broken_status(fault));
        case Kind::rate_limit:
            return finish(*exchange, response_of(api_.held_up(request, fault, read_clock().system)));
        case Kind::delay:
            after(fault.wait, [this, exchange, answer_normally] {
                wait_for_clock(*exchange, false);
                // During the wait the token may have been revoked, or the store replaced.
                if (authenticate(*exchange)) answer_normally();
            });
            return wait_for_clock(*exchange, true);
        case Kind::stall:
            record_request(*exchange, nullptr);
            if (stalled_.size() == max_stalled) stalled_.pop_front();
            stalled_.push_back(exchange);
            return wait_for_clock(*exchange, true);
        case Kind::drop_request:
            if (!fault.after) return drop(*exchange);
            return answer_api(exchange, [this, exchange](const net::ServerResponse&) { drop(*exchange); });
        case Kind::truncate:
            return answer_changed([bytes = fault.bytes](net::ServerResponse& response) {
                response.cut_after = bytes.value_or(response.body.size() / 2);
            });
        case Kind::malformed:
            return answer_changed(make_malformed);
        case Kind::missing_headers:
            return answer_changed([](net::ServerResponse& response) {
                std::erase_if(response.headers,
                              [](const auto& header) { return header.first.starts_with("X-RateLimit-"); });
            });
        case Kind::drop:
        case Kind::close:
        case Kind::reconnect:
        case Kind::invalid_session:
        case Kind::bad_msgpack:
        case Kind::text_frame:
        case Kind::unknown_op:
        case Kind::duplicate:
        case Kind::skip_sequence:
        case Kind::lose:
        case Kind::no_ack:
        case Kind::refuse_identify:
            return answer_normally();  // of another class
    }
}

/// `waits`: the answer waits for the clock, which therefore does not wait for the answer. Call it last: the clock may
/// advance before it returns.
void Host::wait_for_clock(const Exchange& exchange, bool waits) {
    if (exchange.transit) exchange.transit->hold(net::Transit::End::client, waits);
}

/// Cuts the connection instead of answering.
void Host::drop(const Exchange& exchange) {
    record_request(exchange, nullptr);
    exchange.respond({.cut = true});
}

void Host::finish_without_api(const Exchange& exchange, ApiReply reply) {
    finish(exchange, response_of(with_common_headers(std::move(reply), exchange.request.origin)));
}

void Host::finish(const Exchange& exchange, net::ServerResponse response) {
    response.headers.emplace_back("Date", http_date(read_clock().system));
    ++traffic_.requests;
    if (response.status == 429) ++traffic_.rate_limited;
    log(response.status < 400 ? LogLevel::debug : LogLevel::info,
        exchange.request.method + " " + std::string(rest_base) + without_secrets(exchange.request.path) + " " +
            std::to_string(response.status));
    record_request(exchange, &response);
    exchange.respond(std::move(response));
}

/// Without a response: it was not answered.
void Host::record_request(const Exchange& exchange, const net::ServerResponse* response) {
    traffic_.count_call(exchange.request.method, exchange.request.path,
                        response ? std::optional(response->status) : std::nullopt);
    const auto kept = [](const std::string& body) { return body.size() > Journal::max_body ? std::string() : body; };
    JournalDetails details{
        .method = exchange.request.method, .path = exchange.request.path, .query = exchange.request.query};
    details.milliseconds = std::chrono::duration<double, std::milli>(loop_.now() - exchange.begun).count();
    details.request = kept(exchange.request.body);
    details.fault = exchange.fault;
    details.traceparent = exchange.traceparent;
    if (response != nullptr) {
        details.status = response->status;
        details.size = response->body.size();
        details.response = kept(response->body);
        details.bucket = header_of(*response, "X-RateLimit-Bucket");
        const std::string remaining = header_of(*response, "X-RateLimit-Remaining");
        if (!remaining.empty()) details.remaining = std::stoi(remaining);
    }
    record({.kind = JournalKind::request,
            .owner = {.session = 0, .user = exchange.request.actor.value_or(UserId{})},
            .details = std::make_unique<const JournalDetails>(std::move(details))});
}

}  // namespace intent::sandbox
