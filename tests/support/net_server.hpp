// Our server with handlers a test gives.
#pragma once

#include "net/server.hpp"
#include "tests/support/net_wait.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::test {

/// A server on a loop of its own that echoes WebSocket messages and answers HTTP as `answer` says.
class TestServer : public net::ServerHandler {
public:
    using Respond = std::function<void(net::ServerResponse)>;

    explicit TestServer(net::ServerOptions options = {});
    ~TestServer() override;

    std::string url(const std::string& path = "/gateway", const std::string& host = "127.0.0.1") const;
    std::string http_url(const std::string& path = "/", const std::string& host = "127.0.0.1") const;

    void on_request(net::ServerRequest request, Respond respond) override;

    std::optional<std::size_t> body_limit(const net::ServerRequest& head) override;

    net::ServerResponse on_body_too_large(const net::ServerRequest& head) override;

    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest& request,
                                                        std::shared_ptr<net::ServerSocket> socket) override;

    Monitor monitor;
    std::vector<net::ServerRequest> requests;
    std::vector<std::string> received;  // WebSocket messages
    std::vector<std::pair<int, std::string>> closed;
    int too_large = 0;

    std::function<void(net::ServerRequest, Respond)> answer;  // on the loop's thread; set before the first request
    std::function<std::optional<std::size_t>(const net::ServerRequest&)> limit;
    std::function<void(net::ServerSocket&)> greet;
    std::function<void(net::ServerSocket&)> too_large_answer;

    net::Loop loop;
    std::vector<std::shared_ptr<net::ServerSocket>> sockets;  // loop's thread
    std::unique_ptr<net::Server> server;

private:
    class Echo;

    const bool secure_;
};

}  // namespace intent::test
