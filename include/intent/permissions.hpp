// Permissions of members and roles: a 64-bit set (protocol §14).
#pragma once

#include <intent/detail/export.hpp>
#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0 {

/// Bits of a permission set; the value is the bit position (protocol §14).
enum class Permission : std::uint8_t {
    manage_server = 0,          ///< change the server
    manage_roles = 1,           ///< create, change, delete and give roles
    manage_channels = 2,        ///< create, change and delete channels
    kick_members = 3,           ///< remove members
    ban_members = 4,            ///< ban users
    manage_webhooks = 5,        ///< create, change and delete webhooks
    view_audit_log = 6,         ///< read the audit log
    view_channel = 10,          ///< see a channel
    send_messages = 11,         ///< write in a channel
    manage_messages = 12,       ///< delete messages of others
    embed_links = 13,           ///< write embeds
    attach_files = 14,          ///< post files
    read_message_history = 15,  ///< read messages
    mention_everyone = 16,      ///< mention everyone
    connect = 20,               ///< join a voice channel
    speak = 21,                 ///< be heard in a voice channel
    mute_members = 22,          ///< mute others
    deafen_members = 23,        ///< deafen others
    move_members = 24,          ///< move others between voice channels
};

/// The platform's name of a permission: "SEND_MESSAGES". Empty for a bit without a name.
INTENT_API std::string_view name_of(Permission permission) noexcept;

/// The permission with that name, in upper case as `name_of` returns it; no value for an unknown name.
INTENT_API std::optional<Permission> permission_of(std::string_view name) noexcept;

/// A set of permissions. Bits without a name are preserved.
struct INTENT_API Permissions {
    std::uint64_t bits = 0;  ///< a bit for each permission

    /// All permissions, including those without a name: the permissions of a server's owner.
    static constexpr Permissions all() noexcept { return Permissions{~std::uint64_t{0}}; }

    /// Parses the decimal text used on the wire. No value if the text is anything else (digits, at most 64 bits).
    static std::optional<Permissions> parse(std::string_view decimal) noexcept;

    /// Parses names as `names()` writes them: "VIEW_CHANNEL, SEND_MESSAGES", also separated by '|'; bits without a name
    /// are numbers. No value if a word is neither.
    static std::optional<Permissions> from_names(std::string_view text);

    /// The decimal text used on the wire.
    std::string str() const { return std::to_string(bits); }

    /// "VIEW_CHANNEL, SEND_MESSAGES", in ascending bit order; a bit without a name is shown as its number. Empty for
    /// the empty set.
    std::string names() const;

    /// True for the empty set.
    constexpr bool empty() const noexcept { return bits == 0; }
    /// True if this set contains the permission.
    constexpr bool has(Permission permission) const noexcept {
        return (bits >> static_cast<unsigned>(permission) & 1u) != 0;
    }
    /// True if this set contains all of `those`.
    constexpr bool has_all(Permissions those) const noexcept { return (bits & those.bits) == those.bits; }
    /// This set and the permission.
    constexpr Permissions with(Permission permission) const noexcept {
        return Permissions{bits | std::uint64_t{1} << static_cast<unsigned>(permission)};
    }
    /// This set without the permission.
    constexpr Permissions without(Permission permission) const noexcept {
        return Permissions{bits & ~(std::uint64_t{1} << static_cast<unsigned>(permission))};
    }
    /// All permissions of both sets.
    constexpr Permissions with(Permissions those) const noexcept { return Permissions{bits | those.bits}; }
    /// This set without the permissions of another.
    constexpr Permissions without(Permissions those) const noexcept { return Permissions{bits & ~those.bits}; }
    friend constexpr bool operator==(Permissions, Permissions) = default;
    /// Joins sets and permissions.
    friend constexpr Permissions operator|(Permissions a, Permissions b) noexcept { return a.with(b); }
    friend constexpr Permissions operator|(Permissions set, Permission one) noexcept { return set.with(one); }
    friend constexpr Permissions operator|(Permission one, Permissions set) noexcept { return set.with(one); }
};

/// Makes a set: `Permission::view_channel | Permission::send_messages`.
constexpr Permissions operator|(Permission a, Permission b) noexcept { return Permissions{}.with(a).with(b); }

/// A channel's changes to the permissions of one role or one member (protocol §14). The protocol does not define how a
/// channel carries overwrites, so no raw type contains any: fill this in from what your server provides.
struct PermissionOverwrite {
    RoleId role = {};        ///< set for an overwrite of a role ...
    UserId member = {};      ///< ... and this for an overwrite of a member
    Permissions allow = {};  ///< what it adds
    Permissions deny = {};   ///< what it removes

    /// An overwrite of a role.
    static constexpr PermissionOverwrite of_role(RoleId id, Permissions allow, Permissions deny) noexcept {
        return PermissionOverwrite{id, {}, allow, deny};
    }
    /// An overwrite of a member.
    static constexpr PermissionOverwrite of_member(UserId id, Permissions allow, Permissions deny) noexcept {
        return PermissionOverwrite{{}, id, allow, deny};
    }
    friend constexpr bool operator==(const PermissionOverwrite&, const PermissionOverwrite&) = default;
};

}  // namespace intent
