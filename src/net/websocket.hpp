// The gateway's transport: one WebSocket connection, binary messages, no knowledge of what they mean.
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
    std::string extra_ca_file = {};              ///< PEM file trusted besides the system's store; empty: none
    bool dangerously_skip_verification = false;  ///< accepts any certificate: for tests on one's own machine only
};

struct WebSocketOptions {
    TlsOptions tls = {};
    ProxyRules proxy = {};                                 ///< ws:// goes through a proxy as wss:// does, by CONNECT
    std::size_t max_message_bytes = 4u << 20;              ///< of an incoming message; a larger one closes with 1009
    Duration connect_deadline = std::chrono::seconds(20);  ///< name look-up, TCP, proxy, TLS, upgrade in all
    Duration close_deadline = std::chrono::seconds(2);     ///< for the peer's close frame, then the socket is cut
    std::string user_agent = "intent-cpp";
};

/// Why no connection came to be.
struct ConnectFailure {
    std::string text;     ///< says what failed and where; shortened, no control bytes
    int http_status = 0;  ///< of a refused upgrade; 0 if there was no answer
    std::optional<std::chrono::milliseconds> retry_after = {};  ///< of a refused upgrade, clamped to 1 h
};

/// How a connection ended. Code 1006: without a close frame (reason says why); 1005: a close frame without a code.
struct CloseInfo {
    int code = 1006;
    std::string reason;
};

/// Takes what a connection reports; all calls come on the loop's thread, never from inside a call into the WebSocket.
class WebSocketHandler {
public:
    virtual ~WebSocketHandler() = default;
    virtual void on_open() = 0;
    /// The bytes are valid during the call only.
    virtual void on_binary(std::span<const std::uint8_t> message) = 0;
    virtual void on_text(std::span<const std::uint8_t> message) = 0;
    /// All messages that had arrived have been handed out: the moment to flush what they caused.
    virtual void on_batch_end() = 0;
    /// At most one of the two ends a connection, and nothing follows it.
    virtual void on_connect_failed(const ConnectFailure& failure) = 0;
    virtual void on_closed(const CloseInfo& info) = 0;
};

/// One connection attempt and the connection that comes of it. Destroying it cuts the socket; the handler hears nothing
/// after that. Answers pings by itself, offers no compression, follows no redirect.
///
/// Threads: the loop's thread only.
class WebSocket {
public:
    /// Begins to connect. `handler` must outlive this object.
    WebSocket(Loop& loop, const Url& url, const WebSocketOptions& options, WebSocketHandler& handler);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    /// Queues one binary message; messages leave in order. Ignored before `on_open` and after `close`.
    void send(std::vector<std::uint8_t> message);

    /// Begins the close handshake after what is queued; `on_closed` comes at the latest after the close deadline.
    /// Before `on_open` it abandons the attempt, and `on_closed` comes with 1006.
    void close(std::uint16_t code, std::string_view reason);

    /// While paused nothing is read from the socket, so the peer is held up by TCP; messages that already arrived whole
    /// may wait too. Bytes unread are what `unread()` tells of.
    void pause_reading();
    void resume_reading();

    /// True if reading is paused, or bytes have arrived that were not handed out yet.
    bool unread() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
