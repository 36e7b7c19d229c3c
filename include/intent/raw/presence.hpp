// Presence and typing (protocol §4, §7).
#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// A time that is sent as whole seconds since 1970-01-01.
struct UnixTime {
    Timestamp value{};  ///< the time
    friend bool operator==(const UnixTime&, const UnixTime&) = default;
};

/// `d` of TYPING_START.
struct TypingStart {
    ChannelId channel_id;  ///< where the user types
    UserId user_id;        ///< who types
    UnixTime timestamp{};  ///< when the user began
    friend bool operator==(const TypingStart&, const TypingStart&) = default;
};

/// `d` of PRESENCE_UPDATE from the server.
struct PresenceUpdate {
    UserId user_id;      ///< whose presence it is
    std::string status;  ///< "online", "idle", "dnd", "offline"
    friend bool operator==(const PresenceUpdate&, const PresenceUpdate&) = default;
};

/// `d` of op 10, the presence that a client sets for itself.
struct PresenceRequest {
    std::string status;                   ///< "online", "idle", "dnd", "offline"
    std::optional<Timestamp> since = {};  ///< when the client became idle
    bool afk = false;                     ///< the user is away
    friend bool operator==(const PresenceRequest&, const PresenceRequest&) = default;
};

}  // namespace intent::raw
