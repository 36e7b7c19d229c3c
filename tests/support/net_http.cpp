#include "tests/support/net_http.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <variant>

namespace intent::test {

TestHttp::TestHttp(net::HttpOptions options) {
    loop.start();
    on_loop(loop, [&] { client = std::make_unique<net::HttpClient>(loop, options); });
}

TestHttp::~TestHttp() {
    on_loop(loop, [&] { client.reset(); });
}

net::HttpClient::Id TestHttp::start(net::HttpRequest request) {
    const int slot = monitor.read([&] { return ++started_; });
    return on_loop(loop, [&] {
        return client->start(std::move(request), [this, slot](net::HttpResult result) {
            monitor.change([&] {
                results[slot] = std::move(result);
                ++finished;
            });
        });
    });
}

net::HttpResult TestHttp::send(net::HttpRequest request) {
    start(std::move(request));
    const int slot = started_;
    if (!monitor.wait([&] { return results.count(slot) != 0; })) std::abort();
    return results[slot];
}

const net::HttpResponse& response(const net::HttpResult& result) {
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) throw std::runtime_error(failure->text);
    return std::get<net::HttpResponse>(result);
}

const net::HttpFailure& failure(const net::HttpResult& result) {
    if (std::holds_alternative<net::HttpResponse>(result))
        throw std::runtime_error("answered, although it should fail");
    return std::get<net::HttpFailure>(result);
}

std::string header_of(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

}  // namespace intent::test
