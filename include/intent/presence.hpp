// Presence of users (protocol §4, §7).
#pragma once

#include <intent/detail/export.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string_view>

namespace intent::inline v0 {

/// The presence status of a user.
enum class PresenceStatus {
    unknown,  ///< a status that this version does not know
    online,   ///< connected
    idle,     ///< connected, but away
    dnd,      ///< do not disturb
    offline,  ///< not connected, or hidden
};

/// The word on the wire; empty for `unknown`.
INTENT_API std::string_view to_text(PresenceStatus status) noexcept;

/// The status for a word on the wire.
INTENT_API PresenceStatus presence_status(std::string_view text) noexcept;

/// The presence of a bot (op 10): `Presence{PresenceStatus::idle}.since(time).afk()`.
class Presence {
public:
    /// This status.
    Presence(PresenceStatus status) noexcept : status_(status) {}  // NOLINT(google-explicit-constructor)

    /// When the bot became idle.
    Presence& since(Timestamp time) { return since_ = time, *this; }
    /// Whether the bot is away.
    Presence& afk(bool away = true) { return afk_ = away, *this; }

    /// The status.
    PresenceStatus status() const noexcept { return status_; }
    /// When the bot became idle, if set.
    std::optional<Timestamp> since() const noexcept { return since_; }
    /// Whether the bot is away.
    bool is_afk() const noexcept { return afk_; }

private:
    PresenceStatus status_;
    std::optional<Timestamp> since_ = {};
    bool afk_ = false;
};

}  // namespace intent
