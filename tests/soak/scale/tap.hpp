// A TCP proxy that shows each message of a connection to a watcher before it passes it on. So a test can end a process
// at an exact point of its conversation: when it has sent this, and before anybody has received it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace intent::test {

/// A message of NATS' protocol, or some bytes of another one.
struct Frame {
    bool to_server = false;
    std::string_view verb = {};     ///< "PUB", "HPUB", "MSG", "HMSG", "PING", …; empty for bytes
    std::string_view subject = {};  ///< of the four that have one
    std::string_view reply = {};    ///< of those: where an answer goes; empty if none is expected
    std::string_view content = {};  ///< headers and payload of those; of bytes: all of them
};

enum class Verdict {
    pass,
    stop,  ///< this message and everything after it is lost, in both directions: the process is dead
};

/// Passes bytes between a port of its own on 127.0.0.1 and the server's.
///
/// Threads: safe. The watcher is called on threads of the tap, one at a time.
class Tap {
public:
    enum class Protocol { nats, bytes };
    using Watcher = std::function<Verdict(const Frame&)>;

    Tap(std::uint16_t server_port, Protocol protocol);
    ~Tap();
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    /// Replaces the watcher; null: everything passes. No earlier one runs any more when this returns.
    void watch(Watcher watcher);

    /// Nothing passes from now on, and no connection ends: what is sent waits. `false` ends that.
    void mute(bool muted);

private:
    struct Link {
        int client = -1;
        int server = -1;
        std::thread upstream = {};
        std::thread downstream = {};
        int running = 2;  ///< threads that have not ended; under mutex_
    };

    void accept_clients();
    void pump(Link& link, bool to_server);
    bool pass(Link& link, bool to_server, std::string_view bytes, const Frame& frame);
    void join_ended();

    const std::uint16_t server_port_;
    const Protocol protocol_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool closing_ = false;   // under mutex_
    bool muted_ = false;     // under mutex_
    std::list<Link> links_;  // under mutex_; the threads of a link use its sockets
    std::mutex watching_;
    Watcher watcher_;  // under watching_
    std::thread acceptor_;
};

/// The number of bytes of the first message in `bytes`, with `frame` set; 0 if it is incomplete.
///
/// Errors: std::runtime_error for a message with an invalid size.
std::size_t read_frame(std::string_view bytes, Frame& frame);

}  // namespace intent::test
