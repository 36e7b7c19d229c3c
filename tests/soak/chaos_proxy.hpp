// A TCP proxy between clients and a server that breaks connections on request, each in its own way.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intent::test {

/// What befalls a connection, or whoever tries to make one.
enum class Mishap {
    reset,       ///< RST to both sides, bytes on the way are lost
    fin,         ///< what is on the way is dropped, both sides see an orderly end of the stream
    black_hole,  ///< stays open, but nothing passes any more in either direction
    stall,       ///< nothing passes for a while, then everything
    trickle,     ///< for a while a few bytes at a time
    refuse,      ///< for a while nobody can connect
    mute,        ///< for a while connections are taken and never answered
};

/// Passes bytes between a port of its own on 127.0.0.1 and the server's, on a thread of its own.
///
/// Threads: `strike` is safe from any thread.
class ChaosProxy {
public:
    /// `seed`: of which connection is struck and for how long.
    ChaosProxy(std::uint16_t server_port, std::uint64_t seed);
    ~ChaosProxy();
    ChaosProxy(const ChaosProxy&) = delete;
    ChaosProxy& operator=(const ChaosProxy&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// A connection by chance, or the door, meets with `mishap`.
    void hit(Mishap mishap);

    /// The longest time for which a byte is held back and delivered after all.
    static constexpr auto longest_hold = std::chrono::milliseconds(3000);

private:
    using Time = std::chrono::steady_clock::time_point;

    /// One side of a connection, and the bytes that wait to be written to it.
    struct Side {
        int socket = -1;
        bool open = false;      ///< connected; of the server's side
        bool ended = false;     ///< its peer has ended the stream
        bool finished = false;  ///< that was passed on to the other side
        std::string pending = {};
    };
    struct Link {
        Side client;
        Side server;
        bool dead = false;
        bool black_hole = false;
        bool mute = false;
        Time held_until{};  ///< stalled
        Time trickle_until{};
    };

    void run();
    void wait_for_sockets(Time now);
    void listen_again();
    void accept_clients(Time now);
    void carry_out(Mishap mishap, Time now);
    void move(Link& link, Time now, short client_events, short server_events);
    void read(Link& link, Side& from, Side& to);
    void write(Link& link, Side& to, Side& from, bool slowly);
    void end(Link& link, bool reset);
    std::chrono::milliseconds any_time(std::chrono::milliseconds most);

    const std::uint16_t server_port_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    std::mt19937_64 random_;
    std::list<Link> links_;
    Time shut_until_{};
    Time mute_until_{};
    std::mutex mutex_;
    std::vector<Mishap> wanted_;  // under mutex_
    bool stop_ = false;           // under mutex_
    std::thread thread_;
};

}  // namespace intent::test
