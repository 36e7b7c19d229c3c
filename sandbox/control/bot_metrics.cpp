#include "sandbox/control/bot_metrics.hpp"

#include "sandbox/base/problem.hpp"
#include "text/ascii.hpp"

#include <charconv>
#include <optional>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_header_bytes = 16u << 10;

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

/// Empty for a host that is not this machine.
std::string_view loopback_address(std::string_view host) {
    if (host == "127.0.0.1" || host == "localhost") return "127.0.0.1";
    return host == "[::1]" ? host : std::string_view();
}

ApiReply no_metrics(std::string_view why) {
    return error_reply(502, "NO_METRICS", "the bot's metrics cannot be read: " + std::string(why));
}

/// The two formats of metrics as text.
bool is_metrics_type(std::string_view type) {
    const std::string plain = text::lower_case(text::trimmed(type.substr(0, type.find(';'))));
    return plain == "text/plain" || plain == "application/openmetrics-text";
}

/// Any service of this machine may listen at the address, so what it answers is passed on only if it claims to be
/// metrics, and never as a type that a browser would execute.
ApiReply reply_of(const net::HttpResult& result) {
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) return no_metrics(failure->text);
    const auto& response = std::get<net::HttpResponse>(result);
    if (response.status != 200) return no_metrics("it answered with status " + std::to_string(response.status));
    std::string_view type;
    for (const auto& [name, value] : response.headers)
        if (name == "content-type") type = value;
    if (!is_metrics_type(type)) return no_metrics("its answer is not text/plain");
    return {.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}},
            .body = response.body};
}

}  // namespace

std::string bot_metrics_url(std::string_view address, std::uint16_t own_port) {
    const auto colon = address.rfind(':');
    const auto host = colon == std::string_view::npos ? std::string_view() : loopback_address(address.substr(0, colon));
    const auto port = host.empty() ? std::nullopt : port_of(address.substr(colon + 1));
    if (!port) throw invalid("address", "127.0.0.1, localhost or [::1] with a port is allowed, such as 127.0.0.1:9464");
    if (*port == own_port) throw invalid("address", "this is the sandbox's own port; its metrics are at /metrics");
    return "http://" + std::string(host) + ":" + std::to_string(*port) + "/metrics";
}

void BotMetrics::read(std::string url, std::function<void(ApiReply)> then) {
    if (running_ == max_running) throw Problem(503, "BUSY", "8 requests for a bot's metrics are in progress");
    if (!http_)
        http_ = std::make_unique<net::HttpClient>(loop_, net::HttpOptions{.user_agent = "intent-sandbox",
                                                                          .max_body_bytes = max_bytes,
                                                                          .max_header_bytes = max_header_bytes});
    net::HttpRequest request{.method = "GET",
                             .url = std::move(url),
                             .headers = {{"Accept", "text/plain;version=0.0.4"}},
                             .timeout = time_out};
    ++running_;
    http_->start(std::move(request), [this, then = std::move(then)](const net::HttpResult& result) {
        --running_;
        then(reply_of(result));
    });
}

void BotMetrics::stop() {
    http_.reset();
    running_ = 0;
}

}  // namespace intent::sandbox
