#include "tests/support/net_client.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace intent::test {

net::Url url_of(const std::string& text) {
    auto parsed = net::parse_url(text, "ws", "wss");
    if (const auto* error = std::get_if<std::string>(&parsed)) throw std::invalid_argument(*error);
    return std::get<net::Url>(parsed);
}

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TestClient::TestClient(const std::string& url, net::WebSocketOptions options,
                       const std::function<void(TestClient&)>& prepare)
    : loop([this](std::exception_ptr) { monitor.change([&] { ++loop_errors; }); }) {
    if (prepare) prepare(*this);
    loop.start();
    on_loop(loop, [&] { socket = std::make_unique<net::WebSocket>(loop, url_of(url), options, *this); });
}

void TestClient::destroy() {
    if (!stopped_) on_loop(loop, [&] { socket.reset(); });
}

void TestClient::stop_loop() {
    loop.stop();
    socket.reset();
    stopped_ = true;
}

bool TestClient::wait_open() {
    return monitor.wait([&] { return opened || failure || closed; }) && opened;
}

bool TestClient::wait_failed() {
    return monitor.wait([&] { return failure.has_value() || closed || opened; }) && failure;
}

bool TestClient::wait_closed() {
    return monitor.wait([&] { return closed.has_value() || failure; }) && closed;
}

bool TestClient::wait_messages(std::size_t count) {
    return monitor.wait([&] { return messages.size() >= count || closed; }) && messages.size() >= count;
}

void TestClient::send(std::string_view text) {
    on_loop(loop, [&] { socket->send(bytes_of(text)); });
}

void TestClient::close(std::uint16_t code, std::string_view reason) {
    on_loop(loop, [&] { socket->close(code, reason); });
}

void TestClient::on_open() {
    monitor.change([&] { opened = true; });
    if (open_hook) open_hook();
}

void TestClient::on_binary(std::span<const std::uint8_t> message) {
    monitor.change([&] { messages.emplace_back(message.begin(), message.end()); });
    if (message_hook) message_hook();
}

void TestClient::on_text(std::span<const std::uint8_t> message) {
    monitor.change([&] { texts.emplace_back(message.begin(), message.end()); });
}

void TestClient::on_batch_end() {
    monitor.change([&] { ++batches; });
}

void TestClient::on_connect_failed(const net::ConnectFailure& what) {
    monitor.change([&] {
        failure = what;
        ++ends;
    });
}

void TestClient::on_closed(const net::CloseInfo& info) {
    monitor.change([&] {
        closed = info;
        ++ends;
    });
}

}  // namespace intent::test
