#include "tests/support/net_server.hpp"

#include <span>

namespace intent::test {

class TestServer::Echo final : public net::ServerSocketHandler {
public:
    Echo(TestServer& owner, std::shared_ptr<net::ServerSocket> socket) : owner_(owner), socket_(std::move(socket)) {}
    void on_message(std::span<const std::uint8_t> message, bool binary) override {
        owner_.monitor.change([&] { owner_.received.emplace_back(message.begin(), message.end()); });
        if (binary)
            socket_->send_binary({message.begin(), message.end()});
        else
            socket_->send_text({message.begin(), message.end()});
    }
    void on_too_large() override {
        owner_.monitor.change([&] { ++owner_.too_large; });
        if (owner_.too_large_answer) owner_.too_large_answer(*socket_);
    }
    void on_closed(int code, std::string_view reason) override {
        owner_.monitor.change([&] { owner_.closed.emplace_back(code, reason); });
    }

private:
    TestServer& owner_;
    std::shared_ptr<net::ServerSocket> socket_;
};

TestServer::TestServer(net::ServerOptions options) : secure_(!options.certificate_file.empty()) {
    loop.start();
    server = std::make_unique<net::Server>(loop, options, *this);
}

TestServer::~TestServer() {
    if (!server) return;  // ended by the test, perhaps with its loop
    on_loop(loop, [&] { sockets.clear(); });
    server.reset();
}

std::string TestServer::url(const std::string& path, const std::string& host) const {
    return (secure_ ? "wss://" : "ws://") + host + ":" + std::to_string(server->port()) + path;
}

std::string TestServer::http_url(const std::string& path, const std::string& host) const {
    return (secure_ ? "https://" : "http://") + host + ":" + std::to_string(server->port()) + path;
}

void TestServer::on_request(net::ServerRequest request, Respond respond) {
    monitor.change([&] { requests.push_back(request); });
    if (answer)
        answer(std::move(request), std::move(respond));
    else
        respond({200, {{"content-type", "text/plain"}}, request.method + " " + request.path + "\n"});
}

std::optional<std::size_t> TestServer::body_limit(const net::ServerRequest& head) {
    return limit ? limit(head) : std::nullopt;
}

net::ServerResponse TestServer::on_body_too_large(const net::ServerRequest& head) {
    if (!limit) return ServerHandler::on_body_too_large(head);
    return {.status = 413, .body = "not so much for " + head.path + "\n"};
}

std::unique_ptr<net::ServerSocketHandler> TestServer::on_socket(const net::ServerRequest& request,
                                                                std::shared_ptr<net::ServerSocket> socket) {
    if (request.path != "/gateway") return nullptr;
    monitor.change([&] { requests.push_back(request); });
    sockets.push_back(socket);
    if (greet) greet(*socket);
    return std::make_unique<Echo>(*this, std::move(socket));
}

}  // namespace intent::test
