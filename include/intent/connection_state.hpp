// What a client's gateway connection is doing.
#pragma once

#include <string_view>

namespace intent {

/// The state of the gateway connection (`Client::state`, protocol §5).
enum class ConnectionState {
    stopped,      ///< not started, stopped by the user, or stopped for good by a refusal
    connecting,   ///< name look-up, TCP, TLS and the WebSocket handshake are under way
    identifying,  ///< Identify is sent, Ready has not come
    resuming,     ///< Resume is sent, or its missed events are being replayed
    ready,        ///< events and commands flow
    backing_off,  ///< not connected; the next attempt waits for its time (back-off, Identify pacing)
};

/// "stopped", "connecting", …: the enumerator's name.
std::string_view to_text(ConnectionState state) noexcept;

}  // namespace intent
