// An HTTP client whose calls wait.
#pragma once

#include "net/http.hpp"
#include "tests/support/net_wait.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace intent::test {

class TestHttp {
public:
    explicit TestHttp(net::HttpOptions options = {}) {
        loop.start();
        on_loop(loop, [&] { client = std::make_unique<net::HttpClient>(loop, options); });
    }
    ~TestHttp() {
        on_loop(loop, [&] { client.reset(); });
    }

    net::HttpClient::Id start(net::HttpRequest request) {
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

    /// Sends a request and waits for what comes of it.
    net::HttpResult send(net::HttpRequest request) {
        start(std::move(request));
        const int slot = started_;
        if (!monitor.wait([&] { return results.count(slot) != 0; })) std::abort();
        return results[slot];
    }

    net::HttpResult get(const std::string& url) { return send({.method = "GET", .url = url}); }

    Monitor monitor;
    std::map<int, net::HttpResult> results;  // by order of the starts, from 1
    int finished = 0;
    net::Loop loop;
    std::unique_ptr<net::HttpClient> client;

private:
    int started_ = 0;
};

inline const net::HttpResponse& response(const net::HttpResult& result) {
    if (const auto* failure = std::get_if<net::HttpFailure>(&result)) throw std::runtime_error(failure->text);
    return std::get<net::HttpResponse>(result);
}

inline const net::HttpFailure& failure(const net::HttpResult& result) {
    if (std::holds_alternative<net::HttpResponse>(result))
        throw std::runtime_error("answered, although it should fail");
    return std::get<net::HttpFailure>(result);
}

inline std::string header_of(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

}  // namespace intent::test
