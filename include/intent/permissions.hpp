// Permissions of members and roles: a 64-bit set (protocol §14).
#pragma once

#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent {

/// Bits of a permission set; the value is the bit position (protocol §14).
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

/// The platform's name of a permission: "SEND_MESSAGES". Empty for a bit without a name.
std::string_view name_of(Permission permission) noexcept;

/// The permission with that name, in upper case as `name_of` returns it; no value for an unknown name.
std::optional<Permission> permission_of(std::string_view name) noexcept;

/// A set of permissions. Bits without a name are preserved.
struct Permissions {
    std::uint64_t bits = 0;

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

    constexpr bool empty() const noexcept { return bits == 0; }
    constexpr bool has(Permission permission) const noexcept {
        return (bits >> static_cast<unsigned>(permission) & 1u) != 0;
    }
    /// True if this set contains all of `those`.
    constexpr bool has_all(Permissions those) const noexcept { return (bits & those.bits) == those.bits; }
    constexpr Permissions with(Permission permission) const noexcept {
        return Permissions{bits | std::uint64_t{1} << static_cast<unsigned>(permission)};
    }
    constexpr Permissions without(Permission permission) const noexcept {
        return Permissions{bits & ~(std::uint64_t{1} << static_cast<unsigned>(permission))};
    }
    constexpr Permissions with(Permissions those) const noexcept { return Permissions{bits | those.bits}; }
    constexpr Permissions without(Permissions those) const noexcept { return Permissions{bits & ~those.bits}; }
    friend constexpr bool operator==(Permissions, Permissions) = default;
    friend constexpr Permissions operator|(Permissions a, Permissions b) noexcept { return a.with(b); }
    friend constexpr Permissions operator|(Permissions set, Permission one) noexcept { return set.with(one); }
    friend constexpr Permissions operator|(Permission one, Permissions set) noexcept { return set.with(one); }
};

/// Makes a set: `Permission::view_channel | Permission::send_messages`.
constexpr Permissions operator|(Permission a, Permission b) noexcept { return Permissions{}.with(a).with(b); }

/// A channel's changes to the permissions of one role or one member (protocol §14). The protocol does not define how a
/// channel carries overwrites, so no raw type contains any: fill this in from what your server provides.
struct PermissionOverwrite {
    RoleId role = {};    ///< set for an overwrite of a role ...
    UserId member = {};  ///< ... and this for an overwrite of a member
    Permissions allow = {};
    Permissions deny = {};

    static constexpr PermissionOverwrite of_role(RoleId id, Permissions allow, Permissions deny) noexcept {
        return PermissionOverwrite{id, {}, allow, deny};
    }
    static constexpr PermissionOverwrite of_member(UserId id, Permissions allow, Permissions deny) noexcept {
        return PermissionOverwrite{{}, id, allow, deny};
    }
    friend constexpr bool operator==(const PermissionOverwrite&, const PermissionOverwrite&) = default;
};

}  // namespace intent
