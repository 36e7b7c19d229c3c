// Presence of users (protocol §4, §7).
#pragma once

#include <intent/timestamp.hpp>

#include <optional>
#include <string_view>

namespace intent {

/// The presence status of a user.
enum class PresenceStatus {
    unknown,  ///< a status that this version does not know
    online,
    idle,
    dnd,  ///< do not disturb
    offline,
};

/// The word on the wire; empty for `unknown`.
std::string_view to_text(PresenceStatus status) noexcept;

/// The status for a word on the wire.
PresenceStatus presence_status(std::string_view text) noexcept;

/// The presence of a bot (op 10): `Presence{PresenceStatus::idle}.since(time).afk()`.
class Presence {
public:
    Presence(PresenceStatus status) noexcept : status_(status) {}  // NOLINT(google-explicit-constructor)

    /// When the bot became idle.
    Presence& since(Timestamp time) { return since_ = time, *this; }
    Presence& afk(bool away = true) { return afk_ = away, *this; }

    PresenceStatus status() const noexcept { return status_; }
    std::optional<Timestamp> since() const noexcept { return since_; }
    bool is_afk() const noexcept { return afk_; }

private:
    PresenceStatus status_;
    std::optional<Timestamp> since_ = {};
    bool afk_ = false;
};

}  // namespace intent
