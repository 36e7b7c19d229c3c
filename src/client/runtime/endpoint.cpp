#include "client/runtime/endpoint.hpp"

#include <intent/version.hpp>

#include <chrono>
#include <utility>

namespace intent::client {

namespace {

constexpr auto io_thread_timeout = std::chrono::seconds(2);

net::ServerOptions options_for(const net::ListenAddress& address) {
    net::ServerOptions options;
    options.host = address.host;
    options.port = address.port;
    options.max_header_bytes = 8u << 10;
    options.max_connections = 16;
    options.idle_timeout = std::chrono::seconds(10);
    return options;
}

net::ServerResponse text_answer(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
    return {.status = status,
            .headers = {{"content-type", std::move(type)},
                        {"cache-control", "no-store"},
                        {"x-content-type-options", "nosniff"}},
            .body = std::move(body)};
}

}  // namespace

Endpoint::Endpoint(const net::ListenAddress& address, EndpointSource& source)
    : source_(source), loop_(std::make_shared<net::Loop>()), server_(*loop_, options_for(address), *this) {
    loop_->start();
}

Endpoint::~Endpoint() { loop_->stop(); }

std::optional<net::ServerResponse> Endpoint::turn_away(const net::ServerRequest& request) {
    if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
    auto refusal = text_answer(405, "only GET and HEAD\n");
    refusal.headers.emplace_back("allow", "GET, HEAD");
    return refusal;
}

void Endpoint::on_request(net::ServerRequest request, Respond respond) {
    if (request.path == "/metrics")
        return respond(text_answer(200, source_.metrics_text(), "text/plain; version=0.0.4; charset=utf-8"));
    if (request.path == "/livez") return check_io_thread(std::move(respond));
    if (request.path == "/version") return respond(text_answer(200, "intent-cpp " + std::string(version()) + "\n"));
    if (request.path != "/readyz")
        return respond(text_answer(404, "not found: there are /metrics, /livez, /readyz and /version\n"));
    std::string reasons;
    for (const auto& reason : source_.unready_reasons())
        reasons += reason + "\n";
    respond(reasons.empty() ? text_answer(200, "ok\n") : text_answer(503, std::move(reasons)));
}

void Endpoint::check_io_thread(Respond respond) {
    const std::uint64_t id = ++last_check_;
    auto& check = checks_[id];
    check.respond = std::move(respond);
    check.timeout = std::make_unique<net::Timer>(*loop_);
    check.timeout->arm(net::time_in(io_thread_timeout), [this, id] { end_check(id, false); });
    // This object outlives what runs on its loop, but not what the I/O thread still holds.
    const auto alive = [this, id, weak = std::weak_ptr(loop_)] {
        if (const auto loop = weak.lock()) loop->post([this, id] { end_check(id, true); });
    };
    if (!source_.ask_io_thread(alive)) end_check(id, true);
}

void Endpoint::end_check(std::uint64_t id, bool alive) {
    auto check = checks_.extract(id);
    if (check.empty()) return;
    if (alive) return check.mapped().respond(text_answer(200, "ok\n"));
    check.mapped().respond(
        text_answer(503, "io thread: it has not answered for " + std::to_string(io_thread_timeout.count()) + " s\n"));
}

}  // namespace intent::client
