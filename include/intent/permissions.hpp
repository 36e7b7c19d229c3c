// What a member may do: a 64-bit set (protocol §14).
#pragma once

#include <cstdint>

namespace intent {

/// Bits of a permission set; the number is the bit's position (protocol §14).
enum class Permission : std::uint8_t {
    manage_server = 0,
    manage_roles = 1,
    manage_channels = 2,
    kick_members = 3,
    ban_members = 4,
    manage_webhooks = 5,
    view_audit_log = 6,
    view_channel = 10,
    send_messages = 11,
    manage_messages = 12,
    embed_links = 13,
    attach_files = 14,
    read_message_history = 15,
    mention_everyone = 16,
    connect = 20,
    speak = 21,
    mute_members = 22,
    deafen_members = 23,
    move_members = 24,
};

/// A set of permissions. Bits without a name are kept as they came.
///
/// Distinct objects: safe. Shared objects: unsafe.
struct Permissions {
    std::uint64_t bits = 0;

    constexpr bool has(Permission permission) const noexcept {
        return (bits >> static_cast<unsigned>(permission) & 1u) != 0;
    }
    constexpr Permissions with(Permission permission) const noexcept {
        return Permissions{bits | std::uint64_t{1} << static_cast<unsigned>(permission)};
    }
    constexpr Permissions without(Permission permission) const noexcept {
        return Permissions{bits & ~(std::uint64_t{1} << static_cast<unsigned>(permission))};
    }
    friend constexpr bool operator==(Permissions, Permissions) = default;
};

}  // namespace intent
