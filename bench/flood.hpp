// A server that does nothing but send: one connection, one burst of events from a buffer made before.
#pragma once

#include "bench/message.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intent::bench {

inline double cpu_seconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

inline void append_frame(std::vector<std::uint8_t>& out, const std::vector<std::uint8_t>& payload) {
    out.push_back(0x82);  // FIN, binary
    if (payload.size() < 126) {
        out.push_back(static_cast<std::uint8_t>(payload.size()));
    } else {
        out.push_back(126);
        out.push_back(static_cast<std::uint8_t>(payload.size() >> 8));
        out.push_back(static_cast<std::uint8_t>(payload.size()));
    }
    out.insert(out.end(), payload.begin(), payload.end());
}

/// `events` MESSAGE_CREATE frames and a MESSAGE_DELETE that ends them, ready to be sent.
inline const std::vector<std::uint8_t>& burst(std::uint32_t events) {
    static const std::vector<std::uint8_t> bytes = [events] {
        std::vector<std::uint8_t> out;
        constexpr std::uint32_t first = 1'000'000;
        for (std::uint32_t i = 0; i < events; ++i)
            append_frame(out, message_create(first + i));
        const nlohmann::ordered_json last = {
            {"op", 0}, {"d", {{"id", "1"}, {"channel_id", "2"}}}, {"t", "MESSAGE_DELETE"}, {"s", first + events}};
        append_frame(out, nlohmann::ordered_json::to_msgpack(last));
        return out;
    }();
    return bytes;
}

/// Accepts one connection on a thread of its own. With `handshake` it upgrades to WebSocket, waits for Identify and
/// sends Ready; without, the burst is all there is. The burst waits for `go`.
class Flood {
public:
    Flood(const std::vector<std::uint8_t>& bytes, bool handshake) : bytes_(bytes), handshake_(handshake) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            std::perror("bench: listen");
            std::exit(1);
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Flood() {
        go();
        thread_.join();
        ::close(listener_);
    }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    std::uint16_t port() const { return port_; }
    void go() {
        go_ = true;
        go_.notify_all();
    }
    /// CPU seconds of the sending thread from `go` to the last byte; waits for that.
    double sent() {
        sent_.wait(false);
        return seconds_;
    }

private:
    void serve() {
        const int socket = ::accept(listener_, nullptr, nullptr);
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (handshake_) upgrade(socket);
        go_.wait(false);
        const double before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        send(socket, bytes_.data(), bytes_.size());
        seconds_ = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - before;
        sent_ = true;
        sent_.notify_all();
        char rest[4096];
        while (::recv(socket, rest, sizeof rest, 0) > 0) {
        }
        ::close(socket);
    }

    static void upgrade(int socket) {
        std::string request;
        char part[4096];
        while (request.find("\r\n\r\n") == std::string::npos) {
            const auto size = ::recv(socket, part, sizeof part, 0);
            if (size <= 0) return;
            request.append(part, static_cast<std::size_t>(size));
        }
        const std::string_view name = "Sec-WebSocket-Key: ";
        const std::size_t at = request.find(name) + name.size();
        const std::string key =
            request.substr(at, request.find("\r\n", at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        unsigned char digest[SHA_DIGEST_LENGTH];
        SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
        unsigned char accept[64];
        EVP_EncodeBlock(accept, digest, SHA_DIGEST_LENGTH);
        const std::string answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            std::string(reinterpret_cast<const char*>(accept)) + "\r\n\r\n";
        send(socket, answer.data(), answer.size());
        if (::recv(socket, part, sizeof part, 0) <= 0) return;  // Identify
        const nlohmann::ordered_json ready = {{"op", 3},
                                              {"d",
                                               {{"user", {{"id", "1"}, {"username", "bench"}}},
                                                {"servers", nlohmann::ordered_json::array()},
                                                {"heartbeat_interval", 60'000}}}};
        std::vector<std::uint8_t> frame;
        append_frame(frame, nlohmann::ordered_json::to_msgpack(ready));
        send(socket, frame.data(), frame.size());
    }

    static void send(int socket, const void* data, std::size_t size) {
        const char* at = static_cast<const char*>(data);
        while (size > 0) {
            const auto sent = ::send(socket, at, size, MSG_NOSIGNAL);
            if (sent <= 0) return;
            at += sent;
            size -= static_cast<std::size_t>(sent);
        }
    }

    const std::vector<std::uint8_t>& bytes_;
    const bool handshake_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> go_ = false;
    std::atomic<bool> sent_ = false;
    double seconds_ = 0;
    std::thread thread_;
};

}  // namespace intent::bench
