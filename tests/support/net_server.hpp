// Our server with handlers a test gives.
#pragma once

#include "net/server.hpp"
#include "tests/support/net_wait.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::test {

/// A server on a loop of its own that echoes WebSocket messages and answers HTTP as `answer` says.
class TestServer : public net::ServerHandler {
public:
    using Respond = std::function<void(net::ServerResponse)>;

    explicit TestServer(net::ServerOptions options = {}) : secure_(!options.certificate_file.empty()) {
        loop.start();
        server = std::make_unique<net::Server>(loop, options, *this);
    }
    ~TestServer() override {
        if (!server) return;  // ended by the test, perhaps with its loop
        on_loop(loop, [&] { sockets.clear(); });
        server.reset();
    }

    std::string url(const std::string& path = "/gateway", const std::string& host = "127.0.0.1") const {
        return (secure_ ? "wss://" : "ws://") + host + ":" + std::to_string(server->port()) + path;
    }
    std::string http_url(const std::string& path = "/", const std::string& host = "127.0.0.1") const {
        return (secure_ ? "https://" : "http://") + host + ":" + std::to_string(server->port()) + path;
    }

    void on_request(net::ServerRequest request, Respond respond) override {
        monitor.change([&] { requests.push_back(request); });
        if (answer)
            answer(std::move(request), std::move(respond));
        else
            respond({200, {{"content-type", "text/plain"}}, request.method + " " + request.path + "\n"});
    }

    std::optional<std::size_t> body_limit(const net::ServerRequest& head) override {
        return limit ? limit(head) : std::nullopt;
    }

    net::ServerResponse on_body_too_large(const net::ServerRequest& head) override {
        if (!limit) return ServerHandler::on_body_too_large(head);
        return {.status = 413, .body = "not so much for " + head.path + "\n"};
    }

    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest& request,
                                                        std::shared_ptr<net::ServerSocket> socket) override {
        if (request.path != "/gateway") return nullptr;
        monitor.change([&] { requests.push_back(request); });
        sockets.push_back(socket);
        if (greet) greet(*socket);
        return std::make_unique<Echo>(*this, std::move(socket));
    }

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
    struct Echo : net::ServerSocketHandler {
        Echo(TestServer& owner_, std::shared_ptr<net::ServerSocket> socket_)
            : owner(owner_), socket(std::move(socket_)) {}
        void on_message(std::span<const std::uint8_t> message, bool binary) override {
            owner.monitor.change([&] { owner.received.emplace_back(message.begin(), message.end()); });
            if (binary)
                socket->send_binary({message.begin(), message.end()});
            else
                socket->send_text({message.begin(), message.end()});
        }
        void on_too_large() override {
            owner.monitor.change([&] { ++owner.too_large; });
            if (owner.too_large_answer) owner.too_large_answer(*socket);
        }
        void on_closed(int code, std::string_view reason) override {
            owner.monitor.change([&] { owner.closed.emplace_back(code, reason); });
        }
        TestServer& owner;
        std::shared_ptr<net::ServerSocket> socket;
    };

    const bool secure_;
};

}  // namespace intent::test
