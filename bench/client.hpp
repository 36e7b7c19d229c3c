// Shared by the measured clients: options, the start signal, and a bare client to compare with.
#pragma once

#include "bench/web_socket.hpp"

#include <intent/client.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace intent::bench {

/// A condition that a handler meets and `main` waits for.
class Signal {
public:
    void raise() {
        raised_ = true;
        raised_.notify_all();
    }
    /// Waits for `raise`, and resets so that it may be raised again.
    void wait() {
        raised_.wait(false);
        raised_ = false;
    }

private:
    std::atomic<bool> raised_ = false;
};

inline ClientOptions options_for(std::uint16_t port, int handler_threads) {
    ClientOptions options;
    options.token = Token{"bot_bench"};
    options.gateway_url = "ws://127.0.0.1:" + std::to_string(port) + "/gateway";
    options.handler_threads = handler_threads;
    return options;
}

inline constexpr CacheLimits no_caches = {
    .servers = 0, .channels = 0, .users = 0, .members = 0, .roles = 0, .messages = 0, .voice_states = 0};

/// A presence: the replay server takes it as the start signal, or as the answer to a message.
inline void show_presence(Client& client) {
    static_cast<void>(client.update_presence(Presence{PresenceStatus::online}));
}

/// A client without a library: connects, identifies, and is then a blocking socket with a buffer.
class BareClient {
public:
    explicit BareClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)), reader_(socket_) {
        const sockaddr_in address = loopback(port);
        if (::connect(socket_.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            give_up("bench: connect");
        socket_.send(
            "GET /gateway HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        socket_.read_head();
        send({{"op", 2}, {"d", {{"token", "bot_bench"}}}});
        reader_.read([](WireOp, std::span<const std::uint8_t>) {});  // Ready
        presence_ = Json::to_msgpack({{"op", 10}, {"d", {{"status", "online"}, {"afk", false}}}});
    }

    void show_presence() {
        frame_.clear();
        append_frame(frame_, presence_, WireOp::binary, true);
        socket_.send(frame_);
    }

    /// Reads until `take(payload)` returns that this was the last frame.
    template <class Take>
    void read_until(Take take) {
        bool last = false;
        while (!last && reader_.read([&](WireOp, std::span<const std::uint8_t> payload) { last = take(payload); })) {
        }
    }

private:
    void send(const Json& json) {
        Bytes frame;
        append_frame(frame, Json::to_msgpack(json), WireOp::binary, true);
        socket_.send(frame);
    }

    Socket socket_;
    FrameReader reader_;
    Bytes presence_;
    Bytes frame_;
};

}  // namespace intent::bench
