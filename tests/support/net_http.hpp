// An HTTP client whose calls wait.
#pragma once

#include "net/http.hpp"
#include "tests/support/net_wait.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace intent::test {

class TestHttp {
public:
    explicit TestHttp(net::HttpOptions options = {});
    ~TestHttp();

    net::HttpClient::Id start(net::HttpRequest request);

    /// Sends a request and waits for what comes of it.
    net::HttpResult send(net::HttpRequest request);

    net::HttpResult get(const std::string& url) { return send({.method = "GET", .url = url}); }

    Monitor monitor;
    std::map<int, net::HttpResult> results;  // by order of the starts, from 1
    int finished = 0;
    net::Loop loop;
    std::unique_ptr<net::HttpClient> client;

private:
    int started_ = 0;
};

const net::HttpResponse& response(const net::HttpResult& result);

const net::HttpFailure& failure(const net::HttpResult& result);

std::string header_of(const net::HttpResponse& response, std::string_view name);

}  // namespace intent::test
