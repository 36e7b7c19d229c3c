// A WebSocket client that writes down what it is told.
#pragma once

#include "net/websocket.hpp"
#include "tests/support/net_wait.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::test {

inline net::Url url_of(const std::string& text) {
    auto parsed = net::parse_url(text, "ws", "wss");
    if (const auto* error = std::get_if<std::string>(&parsed)) throw std::invalid_argument(*error);
    return std::get<net::Url>(parsed);
}

inline std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

/// Owns a loop of its own and one WebSocket on it. All calls from the test's thread.
class TestClient : public net::WebSocketHandler {
public:
    /// `prepare` sets the hooks: what it sets stands before the first byte is sent.
    explicit TestClient(const std::string& url, net::WebSocketOptions options = {},
                        const std::function<void(TestClient&)>& prepare = {})
        : loop([this](std::exception_ptr) { monitor.change([&] { ++loop_errors; }); }) {
        if (prepare) prepare(*this);
        loop.start();
        on_loop(loop, [&] { socket = std::make_unique<net::WebSocket>(loop, url_of(url), options, *this); });
    }
    ~TestClient() override { destroy(); }

    void destroy() {
        on_loop(loop, [&] { socket.reset(); });
    }

    bool wait_open() {
        return monitor.wait([&] { return opened || failure || closed; }) && opened;
    }
    bool wait_failed() {
        return monitor.wait([&] { return failure.has_value() || closed || opened; }) && failure;
    }
    bool wait_closed() {
        return monitor.wait([&] { return closed.has_value() || failure; }) && closed;
    }
    bool wait_messages(std::size_t count) {
        return monitor.wait([&] { return messages.size() >= count || closed; }) && messages.size() >= count;
    }

    void send(std::string_view text) {
        on_loop(loop, [&] { socket->send(bytes_of(text)); });
    }
    void close(std::uint16_t code, std::string_view reason = {}) {
        on_loop(loop, [&] { socket->close(code, reason); });
    }

    void on_open() override {
        monitor.change([&] { opened = true; });
        if (open_hook) open_hook();
    }
    void on_binary(std::span<const std::uint8_t> message) override {
        monitor.change([&] { messages.emplace_back(message.begin(), message.end()); });
        if (message_hook) message_hook();
    }
    void on_text(std::span<const std::uint8_t> message) override {
        monitor.change([&] { texts.emplace_back(message.begin(), message.end()); });
    }
    void on_batch_end() override {
        monitor.change([&] { ++batches; });
    }
    void on_connect_failed(const net::ConnectFailure& what) override {
        monitor.change([&] {
            failure = what;
            ++ends;
        });
    }
    void on_closed(const net::CloseInfo& info) override {
        monitor.change([&] {
            closed = info;
            ++ends;
        });
    }

    Monitor monitor;
    bool opened = false;
    std::vector<std::string> messages;
    std::vector<std::string> texts;
    int batches = 0;
    std::optional<net::ConnectFailure> failure;
    std::optional<net::CloseInfo> closed;
    int ends = 0;  // calls of on_connect_failed and on_closed
    int loop_errors = 0;
    std::function<void()> open_hook;     // on the loop's thread; set by `prepare`
    std::function<void()> message_hook;  // likewise

    net::Loop loop;
    std::unique_ptr<net::WebSocket> socket;
};

}  // namespace intent::test
