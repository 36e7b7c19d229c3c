#include "tests/support/net_peer.hpp"

#include "tests/support/loopback.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <utility>

namespace intent::test {
namespace {

int listen_on_any_port() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(0);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, SOMAXCONN) != 0)
        throw std::runtime_error("cannot listen on 127.0.0.1");
    return listener;
}

std::uint16_t port_of(int listener) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

}  // namespace

PeerConnection::PeerConnection(int socket) : socket_(socket) {
    const timeval limit{15, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

PeerConnection::~PeerConnection() {
    if (socket_ >= 0) ::close(socket_);
}

std::string PeerConnection::read_head() {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        const auto next = read_byte();
        if (!next) break;
        head += *next;
    }
    return head;
}

std::string PeerConnection::read(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count) {
        const auto next = read_byte();
        if (!next) break;
        bytes += *next;
    }
    return bytes;
}

std::string PeerConnection::accept_head(std::string_view request, std::string_view more_headers) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
           "Upgrade\r\nSec-WebSocket-Accept: " +
           accept_key(request) + "\r\n" + std::string(more_headers) + "\r\n";
}

void PeerConnection::accept_upgrade(std::string_view at_once) { send(accept_head(read_head()).append(at_once)); }

bool PeerConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool PeerConnection::send_patiently(std::string_view bytes, const std::function<void()>& held_up) {
    const timeval limit{0, 300'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    while (!bytes.empty()) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
        else if (errno == EAGAIN)
            held_up();
        else
            return false;
    }
    return true;
}

void PeerConnection::send_bytewise(std::string_view bytes) {
    for (const char byte : bytes)
        send({&byte, 1});
}

std::optional<PeerFrame> PeerConnection::read_frame() {
    return read_client_frame([this](std::size_t count) { return read(count); });
}

bool PeerConnection::wait_for_end() {
    char buffer[4096];
    for (;;) {
        const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count == 0) return true;
        if (count < 0) return errno == ECONNRESET;
    }
}

bool PeerConnection::ended_within(std::chrono::milliseconds time) {
    pollfd input{socket_, POLLIN, 0};
    char byte = 0;
    return ::poll(&input, 1, static_cast<int>(time.count())) > 0 && ::recv(socket_, &byte, 1, MSG_PEEK) <= 0;
}

void PeerConnection::end() {
    std::lock_guard lock(closing_);
    ::shutdown(socket_, SHUT_RDWR);
}

void PeerConnection::end_sending() { ::shutdown(socket_, SHUT_WR); }

void PeerConnection::reset() {
    std::lock_guard lock(closing_);
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

std::optional<char> PeerConnection::read_byte() {
    if (position_ == buffer_.size()) {
        buffer_.resize(4096);
        const auto count = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        position_ = 0;
        if (count <= 0) return std::nullopt;
    }
    return buffer_[position_++];
}

std::string PeerConnection::accept_key(std::string_view request) {
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

ScriptedPeer::ScriptedPeer(Script script)
    : script_(std::move(script)),
      listener_(listen_on_any_port()),
      port_(port_of(listener_)),
      thread_([this] { accept(); }) {}

ScriptedPeer::~ScriptedPeer() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);  // wakes the blocking accept
    thread_.join();
    {
        std::lock_guard lock(mutex_);
        for (auto* connection : living_)
            connection->end();
    }
    for (auto& thread : scripts_)
        thread.join();
    ::close(listener_);
}

std::string ScriptedPeer::url(std::string_view path) const {
    return "ws://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::string ScriptedPeer::http_url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void ScriptedPeer::accept() {
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0 && errno == EINTR) continue;
        if (socket < 0) return;
        const auto connection = std::make_shared<PeerConnection>(socket);
        if (ending_) return;
        ++connections_;
        scripts_.emplace_back([this, connection] { run(*connection); });
    }
}

void ScriptedPeer::run(PeerConnection& connection) {
    {
        std::lock_guard lock(mutex_);
        living_.insert(&connection);
    }
    if (!ending_) script_(connection);
    std::lock_guard lock(mutex_);
    living_.erase(&connection);
    connection.end();
}

}  // namespace intent::test
