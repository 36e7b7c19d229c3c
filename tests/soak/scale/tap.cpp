#include "tests/soak/scale/tap.hpp"

#include "tests/support/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace intent::test {
namespace {

int open_socket() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) throw std::runtime_error(std::string("tap: socket: ") + std::strerror(errno));
    return socket;
}

void send_at_once(int socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

Tap::Tap(std::uint16_t server_port, Protocol protocol)
    : server_port_(server_port), protocol_(protocol), listener_(open_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
        close(listener_);
        throw std::runtime_error(std::string("tap: listen: ") + std::strerror(errno));
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_clients(); });
}

Tap::~Tap() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        for (auto& link : links_) {
            shutdown(link.client, SHUT_RDWR);
            shutdown(link.server, SHUT_RDWR);
        }
    }
    changed_.notify_all();
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& link : links_) {
        link.upstream.join();
        link.downstream.join();
        close(link.client);
        close(link.server);
    }
    close(listener_);
}

void Tap::watch(Watcher watcher) {
    const std::lock_guard lock(watching_);
    watcher_ = std::move(watcher);
}

void Tap::mute(bool muted) {
    {
        const std::lock_guard lock(mutex_);
        muted_ = muted;
    }
    changed_.notify_all();
}

void Tap::accept_clients() {
    for (;;) {
        const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (client < 0) return;
        join_ended();
        const int server = open_socket();
        const sockaddr_in address = loopback(server_port_);
        const bool connected = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const std::lock_guard lock(mutex_);
        if (!connected || closing_) {
            close(server);
            close(client);
            if (closing_) return;
            continue;
        }
        send_at_once(client);
        send_at_once(server);
        Link& link = links_.emplace_back();
        link.client = client;
        link.server = server;
        link.upstream = std::thread([this, &link] { pump(link, true); });
        link.downstream = std::thread([this, &link] { pump(link, false); });
    }
}

void Tap::pump(Link& link, bool to_server) {
    const int from = to_server ? link.client : link.server;
    std::string waiting;
    char buffer[16 * 1024];
    try {
        for (bool open = true; open;) {
            const auto count = recv(from, buffer, sizeof buffer, 0);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) break;
            waiting.append(buffer, static_cast<std::size_t>(count));
            std::size_t done = 0;
            while (open && done < waiting.size()) {
                const std::string_view rest = std::string_view(waiting).substr(done);
                Frame frame;
                std::size_t size = rest.size();
                if (protocol_ == Protocol::nats) size = read_frame(rest, frame);
                if (size == 0) break;
                if (protocol_ == Protocol::bytes) frame.content = rest;
                frame.to_server = to_server;
                open = pass(link, to_server, rest.substr(0, size), frame);
                done += size;
            }
            waiting.erase(0, done);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    // Either both directions work or none: neither protocol uses half a connection.
    shutdown(link.client, SHUT_RDWR);
    shutdown(link.server, SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    --link.running;
}

bool Tap::pass(Link& link, bool to_server, std::string_view bytes, const Frame& frame) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !muted_ || closing_; });
        if (closing_) return false;
    }
    {
        const std::lock_guard lock(watching_);
        if (watcher_ && watcher_(frame) == Verdict::stop) return false;
    }
    return send_all(to_server ? link.server : link.client, bytes);
}

void Tap::join_ended() {
    const std::lock_guard lock(mutex_);
    for (auto link = links_.begin(); link != links_.end();) {
        if (link->running != 0) {
            ++link;
            continue;
        }
        link->upstream.join();
        link->downstream.join();
        close(link->client);
        close(link->server);
        link = links_.erase(link);
    }
}

}  // namespace intent::test
