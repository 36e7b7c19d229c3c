// Handwritten WebSocket over a blocking socket, with only what the replay server and the bare clients need.
#pragma once

#include "bench/frames.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace intent::bench {

enum class WireOp : std::uint8_t { binary = 0x2, close = 0x8 };

[[noreturn]] inline void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

class Socket {
public:
    explicit Socket(int descriptor) : descriptor_(descriptor) {
        if (descriptor < 0) give_up("bench: socket");
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int descriptor() const { return descriptor_; }

    /// False if the peer has closed.
    bool send(std::span<const std::uint8_t> bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool send(std::string_view text) const {
        return send(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
    }

    /// Reads up to the empty line that ends an HTTP head. Nothing follows it before we have answered.
    std::string read_head() const {
        std::string head;
        char part[4096];
        while (head.find("\r\n\r\n") == std::string::npos) {
            const auto size = ::recv(descriptor_, part, sizeof part, 0);
            if (size <= 0) return {};
            head.append(part, static_cast<std::size_t>(size));
        }
        return head;
    }

private:
    int descriptor_;
};

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Appends one frame with `payload`; a client's are masked.
inline void append_frame(Bytes& out, std::span<const std::uint8_t> payload, WireOp op = WireOp::binary,
                         bool masked = false) {
    out.push_back(static_cast<std::uint8_t>(0x80 | static_cast<std::uint8_t>(op)));
    const int bytes = payload.size() < 126 ? 0 : payload.size() < 65'536 ? 2 : 8;
    const std::size_t code = bytes == 0 ? payload.size() : bytes == 2 ? 126 : 127;
    out.push_back(static_cast<std::uint8_t>(code | (masked ? 0x80 : 0)));
    for (int i = bytes - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(payload.size() >> (8 * i)));
    if (!masked) {
        out.insert(out.end(), payload.begin(), payload.end());
        return;
    }
    constexpr std::uint8_t mask[4] = {0x9a, 0x31, 0xc7, 0x5e};
    out.insert(out.end(), mask, mask + 4);
    for (std::size_t i = 0; i < payload.size(); ++i)
        out.push_back(payload[i] ^ mask[i & 3]);
}

/// The first frame in `bytes` (its head, then its payload); unset if it is incomplete.
struct WholeFrame {
    WireOp op{};
    std::uint8_t* mask = nullptr;
    std::uint8_t* payload = nullptr;
    std::size_t size = 0;
};
inline bool whole_frame(std::uint8_t* at, std::size_t held, WholeFrame& frame) {
    if (held < 2) return false;
    std::size_t size = at[1] & 0x7f, head = 2;
    if (size >= 126) {
        const std::size_t bytes = size == 126 ? 2 : 8;
        if (held < 2 + bytes) return false;
        size = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            size = size << 8 | at[2 + i];
        head += bytes;
    }
    const bool masked = (at[1] & 0x80) != 0;
    if (masked) head += 4;
    if (held < head || held - head < size) return false;
    frame = {static_cast<WireOp>(at[0] & 0x0f), masked ? at + head - 4 : nullptr, at + head, size};
    return true;
}

/// Splits a connection's bytes into frames.
class FrameReader {
public:
    explicit FrameReader(const Socket& socket) : socket_(socket) {}

    /// Reads once; calls `take(op, payload)` for every complete frame. False when the connection has ended.
    template <class Take>
    bool read(Take take) {
        if (held_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
        const auto size = ::recv(socket_.descriptor(), buffer_.data() + held_, buffer_.size() - held_, 0);
        if (size <= 0) return false;
        held_ += static_cast<std::size_t>(size);
        std::size_t at = 0;
        WholeFrame frame;
        while (whole_frame(buffer_.data() + at, held_ - at, frame)) {
            if (frame.mask != nullptr) {
                for (std::size_t i = 0; i < frame.size; ++i)
                    frame.payload[i] ^= frame.mask[i & 3];
            }
            take(frame.op, std::span<const std::uint8_t>(frame.payload, frame.size));
            at = static_cast<std::size_t>(frame.payload + frame.size - buffer_.data());
        }
        std::memmove(buffer_.data(), buffer_.data() + at, held_ - at);
        held_ -= at;
        return true;
    }

private:
    const Socket& socket_;
    Bytes buffer_ = Bytes(64 << 10);
    std::size_t held_ = 0;
};

}  // namespace intent::bench
