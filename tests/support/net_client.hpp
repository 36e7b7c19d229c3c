// A WebSocket client that records its callbacks.
#pragma once

#include "net/websocket.hpp"
#include "tests/support/net_wait.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::test {

net::Url url_of(const std::string& text);

std::vector<std::uint8_t> bytes_of(std::string_view text);

/// Owns a loop of its own and one WebSocket on it. All calls from the test's thread.
class TestClient : public net::WebSocketHandler {
public:
    /// `prepare` sets the hooks before the first byte is sent.
    explicit TestClient(const std::string& url, net::WebSocketOptions options = {},
                        const std::function<void(TestClient&)>& prepare = {});
    ~TestClient() override { destroy(); }

    void destroy();
    /// Stops the loop, whatever the connection's state, and destroys the connection afterwards.
    void stop_loop();

    bool wait_open();
    bool wait_failed();
    bool wait_closed();
    bool wait_messages(std::size_t count);

    void send(std::string_view text);
    void close(std::uint16_t code, std::string_view reason = {});

    void on_open() override;
    void on_binary(std::span<const std::uint8_t> message) override;
    void on_text(std::span<const std::uint8_t> message) override;
    void on_batch_end() override;
    void on_connect_failed(const net::ConnectFailure& what) override;
    void on_closed(const net::CloseInfo& info) override;

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

private:
    bool stopped_ = false;
};

}  // namespace intent::test
