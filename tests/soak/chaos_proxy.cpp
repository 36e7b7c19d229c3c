#include "tests/soak/chaos_proxy.hpp"

#include "tests/support/loopback.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_pending = 256u << 10;  // beyond that the sender is held up
constexpr std::size_t trickle_bytes = 7;

int new_socket() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::runtime_error(std::string("socket: ") + std::strerror(errno));
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

}  // namespace

ChaosProxy::ChaosProxy(std::uint16_t server_port, std::uint64_t seed) : server_port_(server_port), random_(seed) {
    listen_again();
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
    port_ = ntohs(bound.sin_port);
    if (pipe2(wake_, O_NONBLOCK | O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    thread_ = std::thread([this] { run(); });
}

ChaosProxy::~ChaosProxy() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    [[maybe_unused]] const auto written = ::write(wake_[1], "", 1);
    thread_.join();
    for (auto& link : links_)
        end(link, false);
    if (listener_ >= 0) ::close(listener_);
    ::close(wake_[0]);
    ::close(wake_[1]);
}

void ChaosProxy::hit(Mishap mishap) {
    {
        const std::lock_guard lock(mutex_);
        wanted_.push_back(mishap);
    }
    [[maybe_unused]] const auto written = ::write(wake_[1], "", 1);
}

void ChaosProxy::listen_again() {
    listener_ = new_socket();
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port_);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 1024) != 0)
        throw std::runtime_error(std::string("the proxy cannot listen: ") + std::strerror(errno));
}

std::chrono::milliseconds ChaosProxy::any_time(std::chrono::milliseconds most) {
    return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(50, most.count())(random_));
}

void ChaosProxy::run() {
    for (;;) {
        std::vector<Mishap> wanted;
        {
            const std::lock_guard lock(mutex_);
            if (stop_) return;
            wanted.swap(wanted_);
        }
        const Time now = std::chrono::steady_clock::now();
        for (const Mishap mishap : wanted)
            carry_out(mishap, now);
        if (listener_ < 0 && now >= shut_until_) listen_again();
        wait_for_sockets(now);
    }
}

void ChaosProxy::wait_for_sockets(Time now) {
    std::vector<pollfd> polled;
    polled.push_back({wake_[0], POLLIN, 0});
    polled.push_back({listener_, POLLIN, 0});  // poll passes over -1
    bool timed = listener_ < 0;
    for (const auto& link : links_) {
        const bool still = link.black_hole || link.mute || now < link.held_until;
        const bool slow = now < link.trickle_until;
        timed = timed || slow || now < link.held_until;
        const auto interest = [&](const Side& side, const Side& other) -> short {
            if (still) return 0;
            const bool reads = !side.ended && other.pending.size() < most_pending;
            const bool writes = !side.open || (!side.pending.empty() && !slow);
            return static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
        };
        // Of one that stands still nothing is to be known, not even its end.
        polled.push_back({still ? -1 : link.client.socket, interest(link.client, link.server), 0});
        polled.push_back({still ? -1 : link.server.socket, interest(link.server, link.client), 0});
    }
    ::poll(polled.data(), polled.size(), timed ? 10 : 1000);

    char drained[64];
    while (::read(wake_[0], drained, sizeof drained) > 0) {
    }
    now = std::chrono::steady_clock::now();
    std::size_t at = 2;
    for (auto& link : links_) {
        move(link, now, polled[at].revents, polled[at + 1].revents);
        at += 2;
    }
    links_.remove_if([](const Link& link) { return link.dead; });
    if (polled[1].revents != 0) accept_clients(now);
}

void ChaosProxy::accept_clients(Time now) {
    for (;;) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) return;
        const int on = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Link link;
        link.client = {.socket = client, .open = true};
        link.mute = now < mute_until_;
        link.server.socket = new_socket();
        const auto address = loopback(server_port_);
        if (::connect(link.server.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
            errno != EINPROGRESS) {
            end(link, true);
            continue;
        }
        links_.push_back(std::move(link));
    }
}

void ChaosProxy::carry_out(Mishap mishap, Time now) {
    if (mishap == Mishap::refuse) {
        shut_until_ = now + any_time(2000ms);
        if (listener_ >= 0) ::close(std::exchange(listener_, -1));
        return;
    }
    if (mishap == Mishap::mute) {
        mute_until_ = now + any_time(1000ms);
        return;
    }
    if (links_.empty()) return;
    const auto index = std::uniform_int_distribution<std::size_t>(0, links_.size() - 1)(random_);
    Link& link = *std::next(links_.begin(), static_cast<std::ptrdiff_t>(index));
    if (mishap == Mishap::reset)
        end(link, true);
    else if (mishap == Mishap::fin)
        end(link, false);
    else if (mishap == Mishap::black_hole)
        link.black_hole = true;
    else if (mishap == Mishap::stall)
        link.held_until = now + any_time(longest_hold);
    else
        link.trickle_until = now + any_time(longest_hold);
    links_.remove_if([](const Link& candidate) { return candidate.dead; });
}

void ChaosProxy::move(Link& link, Time now, short client_events, short server_events) {
    if (link.dead || now < link.held_until) return;
    if (link.black_hole || link.mute) {
        // Only whether the client has given it up is of interest, so that the socket does not stay for ever.
        std::array<char, 4096> lost;
        ssize_t count = 0;
        do {
            count = ::recv(link.client.socket, lost.data(), lost.size(), 0);
        } while (count > 0);
        if (count == 0 || (errno != EAGAIN && errno != EINTR)) end(link, true);
        return;
    }
    if (server_events & POLLOUT) link.server.open = true;
    if (client_events & (POLLIN | POLLHUP | POLLERR)) read(link, link.client, link.server);
    if (!link.dead && server_events & (POLLIN | POLLHUP | POLLERR)) read(link, link.server, link.client);
    const bool slowly = now < link.trickle_until;
    if (!link.dead) write(link, link.server, link.client, slowly);
    if (!link.dead) write(link, link.client, link.server, slowly);
}

void ChaosProxy::read(Link& link, Side& from, Side& to) {
    std::array<char, 64 * 1024> buffer;
    const auto count = ::recv(from.socket, buffer.data(), buffer.size(), 0);
    if (count > 0)
        to.pending.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0)
        from.ended = true;
    else if (errno != EAGAIN && errno != EINTR)
        end(link, true);
}

void ChaosProxy::write(Link& link, Side& to, Side& from, bool slowly) {
    if (!to.open) return;
    if (!to.pending.empty()) {
        const auto size = slowly ? std::min(to.pending.size(), trickle_bytes) : to.pending.size();
        const auto count = ::send(to.socket, to.pending.data(), size, MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR) return end(link, true);
        if (count > 0) to.pending.erase(0, static_cast<std::size_t>(count));
    }
    if (from.ended && to.pending.empty() && !from.finished) {
        from.finished = true;
        ::shutdown(to.socket, SHUT_WR);
    }
    if (from.finished && to.finished) end(link, false);
}

void ChaosProxy::end(Link& link, bool reset) {
    for (const int socket : {link.client.socket, link.server.socket}) {
        if (socket < 0) continue;
        const linger at_once{1, 0};
        if (reset) setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(socket);
    }
    link.dead = true;
}

}  // namespace intent::test
