// The states of a client's gateway connection.
#pragma once

#include <intent/detail/export.hpp>

#include <string_view>

namespace intent::inline v0 {

/// The state of the gateway connection (`Client::state`, protocol §5).
enum class ConnectionState {
    stopped,      ///< not started, stopped by the user, or permanently refused
    connecting,   ///< name look-up, TCP, TLS and the WebSocket handshake are under way
    identifying,  ///< Identify was sent; Ready has not arrived
    resuming,     ///< Resume was sent, or missed events are being replayed
    ready,        ///< events and commands flow
    backing_off,  ///< not connected; waiting for the next attempt (back-off, Identify pacing)
};

/// "stopped", "connecting", …: the enumerator's name.
INTENT_API std::string_view to_text(ConnectionState state) noexcept;

}  // namespace intent
