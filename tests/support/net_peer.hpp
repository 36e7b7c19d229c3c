// A TCP peer that does what a script says, byte by byte.
#pragma once

#include "tests/support/net_wait.hpp"
#include "tests/support/websocket_frames.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace intent::test {

/// One accepted connection. Calls block, at most for some seconds.
class PeerConnection {
public:
    explicit PeerConnection(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
        const timeval limit{15, 0};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    }

    /// Up to and including the empty line.
    std::string read_head() {
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const auto next = read_byte();
            if (!next) break;
            head += *next;
        }
        return head;
    }

    /// Fewer bytes only at the end of the connection.
    std::string read(std::size_t count) {
        std::string bytes;
        while (bytes.size() < count) {
            const auto next = read_byte();
            if (!next) break;
            bytes += *next;
        }
        return bytes;
    }

    static std::string accept_head(std::string_view request, std::string_view more_headers = {}) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
               "Upgrade\r\nSec-WebSocket-Accept: " +
               accept_key(request) + "\r\n" + std::string(more_headers) + "\r\n";
    }

    /// Answers the upgrade; `at_once` goes out in the same write.
    void accept_upgrade(std::string_view at_once = {}) { send(accept_head(read_head()).append(at_once)); }

    bool send(std::string_view bytes) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
        return !error;
    }

    /// Calls `held_up` whenever the system takes nothing more for a while.
    template <class HeldUp>
    bool send_patiently(std::string_view bytes, HeldUp&& held_up) {
        const timeval limit{0, 300'000};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        while (!bytes.empty()) {
            const auto count = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count > 0)
                bytes.remove_prefix(static_cast<std::size_t>(count));
            else if (errno == EAGAIN)
                held_up();
            else
                return false;
        }
        return true;
    }

    void send_bytewise(std::string_view bytes) {
        for (const char byte : bytes)
            send({&byte, 1});
    }

    /// The next frame of the client; none at the connection's end.
    std::optional<PeerFrame> read_frame() {
        return read_client_frame([this](std::size_t count) { return read(count); });
    }

    /// True once the client has ended the connection; what it sends before is dropped.
    bool wait_for_end() {
        char buffer[4096];
        for (;;) {
            const auto count = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
            if (count == 0) return true;
            if (count < 0) return errno == ECONNRESET;
        }
    }

    /// Both directions; wakes a call that blocks. Threads: any.
    void end() {
        std::lock_guard lock(closing_);
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    }

    void end_sending() { ::shutdown(socket_.native_handle(), SHUT_WR); }

    void reset() {
        std::lock_guard lock(closing_);
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
        socket_.close(ignored);
    }

    int handle() { return socket_.native_handle(); }

private:
    std::optional<char> read_byte() {
        if (position_ == buffer_.size()) {
            buffer_.resize(4096);
            const auto count = ::recv(socket_.native_handle(), buffer_.data(), buffer_.size(), 0);
            buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
            position_ = 0;
            if (count <= 0) return std::nullopt;
        }
        return buffer_[position_++];
    }

    static std::string accept_key(std::string_view request) {
        constexpr std::string_view name = "Sec-WebSocket-Key: ";
        const auto begin = request.find(name);
        if (begin == request.npos) return {};
        std::string key(request.substr(begin + name.size(), 24));
        key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        unsigned char digest[SHA_DIGEST_LENGTH];
        SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
        unsigned char text[32];
        const int length = EVP_EncodeBlock(text, digest, sizeof digest);
        return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
    }

    boost::asio::ip::tcp::socket socket_;
    std::mutex closing_;  // `end` comes from another thread
    std::string buffer_;
    std::size_t position_ = 0;
};

/// Listens on a port of the system's choice and runs `script` for each connection, on a thread of its own.
class ScriptedPeer {
public:
    using Script = std::function<void(PeerConnection&)>;

    explicit ScriptedPeer(Script script)
        : script_(std::move(script)),
          acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
          port_(acceptor_.local_endpoint().port()),
          thread_([this] { accept(); }) {}

    ~ScriptedPeer() {
        ending_ = true;
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes the blocking accept
        thread_.join();
        {
            std::lock_guard lock(mutex_);
            for (auto* connection : living_)
                connection->end();
        }
        for (auto& thread : scripts_)
            thread.join();
    }

    std::string url(std::string_view path = "/gateway") const {
        return "ws://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    std::string http_url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }

private:
    void accept() {
        for (;;) {
            boost::system::error_code error;
            auto socket = acceptor_.accept(error);
            if (error || ending_) return;
            ++connections_;
            scripts_.emplace_back([this, held = std::make_shared<PeerConnection>(std::move(socket))] { run(*held); });
        }
    }

    void run(PeerConnection& connection) {
        {
            std::lock_guard lock(mutex_);
            living_.insert(&connection);
        }
        if (!ending_) script_(connection);
        std::lock_guard lock(mutex_);
        living_.erase(&connection);
        connection.end();
    }

    Script script_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    const std::uint16_t port_;
    std::atomic<bool> ending_ = false;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::set<PeerConnection*> living_;
    std::vector<std::thread> scripts_;  // the accepting thread's until it has ended
    std::thread thread_;
};

}  // namespace intent::test
