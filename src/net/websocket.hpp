// The gateway's transport: one WebSocket connection with binary messages, independent of their meaning.
#pragma once

#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace intent::net {

/// TLS 1.2 or later, host name checked, the system's trust store.
struct TlsOptions {
    std::string extra_ca_file = {};  ///< PEM file of additional trusted certificates; empty: only the system's store
    bool dangerously_skip_verification = false;  ///< accepts any certificate: for tests on your own machine only
};

struct WebSocketOptions {
    TlsOptions tls = {};
    ProxyRules proxy = {};                                 ///< applies to ws:// as to wss://, by CONNECT
    std::size_t max_message_bytes = 4u << 20;              ///< of an incoming message; a larger one closes with 1009
    Duration connect_deadline = std::chrono::seconds(20);  ///< for name look-up, TCP, proxy, TLS and upgrade together
    Duration close_deadline = std::chrono::seconds(2);     ///< for the peer's close frame; then the socket is cut
    std::string user_agent = "intent-cpp";
};

/// Why no connection was established.
struct ConnectFailure {
    std::string text;                                           ///< what failed and where; shortened, no control bytes
    int http_status = 0;                                        ///< of a refused upgrade; 0 without an answer
    std::optional<std::chrono::milliseconds> retry_after = {};  ///< of a refused upgrade, clamped to 1 h
};

/// How a connection ended. Code 1006: no close frame (see `reason`); 1005: a close frame without a code.
struct CloseInfo {
    int code = 1006;
    std::string reason;
};

/// Receives a connection's events. All calls are on the loop's thread, never from inside a call into the WebSocket.
class WebSocketHandler {
public:
    virtual ~WebSocketHandler() = default;
    virtual void on_open() = 0;
    /// The bytes are valid only during the call.
    virtual void on_binary(std::span<const std::uint8_t> message) = 0;
    virtual void on_text(std::span<const std::uint8_t> message) = 0;
    /// All messages that had arrived were delivered: flush their output now.
    virtual void on_batch_end() = 0;
    /// At most one of these two calls ends a connection; no call follows it.
    virtual void on_connect_failed(const ConnectFailure& failure) = 0;
    virtual void on_closed(const CloseInfo& info) = 0;
};

/// One connection attempt and the resulting connection. Destroying it cuts the socket; the handler is not called
/// afterwards. Answers pings by itself, offers no compression, follows no redirects.
///
/// Threads: the loop's thread only.
class WebSocket {
public:
    /// Begins to connect. `handler` must outlive this object.
    WebSocket(Loop& loop, const Url& url, const WebSocketOptions& options, WebSocketHandler& handler);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    /// Queues one binary message. Messages are sent in order; ignored before `on_open` and after `close`.
    void send(std::vector<std::uint8_t> message);

    /// Begins the close handshake after the queued data; `on_closed` follows within the close deadline. Before
    /// `on_open` it abandons the attempt, and `on_closed` reports 1006.
    void close(std::uint16_t code, std::string_view reason);

    /// While paused, nothing is read from the socket, so TCP holds up the peer; complete messages that have already
    /// arrived may wait too. `unread()` reports such bytes.
    void pause_reading();
    void resume_reading();

    /// True if reading is paused, or if received bytes were not delivered yet.
    bool unread() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
