// A TCP peer that does what a script says, byte by byte.
#pragma once

#include "tests/support/websocket_frames.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intent::test {

/// One accepted connection. Calls block, at most for some seconds.
class PeerConnection {
public:
    /// Owns the socket.
    explicit PeerConnection(int socket);
    ~PeerConnection();
    PeerConnection(const PeerConnection&) = delete;
    PeerConnection& operator=(const PeerConnection&) = delete;

    /// Up to and including the empty line.
    std::string read_head();

    /// Fewer bytes only at the end of the connection.
    std::string read(std::size_t count);

    static std::string accept_head(std::string_view request, std::string_view more_headers = {});

    /// Answers the upgrade; `at_once` goes out in the same write.
    void accept_upgrade(std::string_view at_once = {});

    bool send(std::string_view bytes);

    /// Calls `held_up` whenever the system takes nothing more for a while.
    bool send_patiently(std::string_view bytes, const std::function<void()>& held_up);

    void send_bytewise(std::string_view bytes);

    /// The client's next frame, by `read_client_frame`.
    std::optional<PeerFrame> read_frame();

    /// True once the client has ended the connection; what it sends before is dropped.
    bool wait_for_end();

    /// Waits up to `time` for the client to end the connection or send something; true if it ended.
    bool ended_within(std::chrono::milliseconds time);

    /// Both directions; wakes a call that blocks. Threads: any.
    void end();

    void end_sending();

    void reset();

    int handle() const { return socket_; }

private:
    std::optional<char> read_byte();

    static std::string accept_key(std::string_view request);

    int socket_;          // -1 after `reset`
    std::mutex closing_;  // `end` comes from another thread
    std::string buffer_;
    std::size_t position_ = 0;
};

/// Listens on a port of the system's choice and runs `script` for each connection, on a thread of its own.
class ScriptedPeer {
public:
    using Script = std::function<void(PeerConnection&)>;

    explicit ScriptedPeer(Script script);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    std::string url(std::string_view path = "/gateway") const;
    std::string http_url(std::string_view path = "/") const;
    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }

private:
    void accept();
    void run(PeerConnection& connection);

    Script script_;
    const int listener_;
    const std::uint16_t port_;
    std::atomic<bool> ending_ = false;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::set<PeerConnection*> living_;
    std::vector<std::thread> scripts_;  // the accepting thread's until it has ended
    std::thread thread_;
};

}  // namespace intent::test
