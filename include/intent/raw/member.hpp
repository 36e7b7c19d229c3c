// Roles and members as plain data (protocol §8).
#pragma once

#include <intent/permissions.hpp>
#include <intent/raw/user.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// A role of a server (protocol §8).
struct Role {
    RoleId id;                                 ///< its id; of the role of everyone, the server's
    ServerId server_id;                        ///< the server that it belongs to
    std::string name;                          ///< as it is shown
    Permissions permissions;                   ///< a decimal string on the wire; a number is accepted too
    int position = 0;                          ///< among the server's roles
    std::uint32_t color = 0;                   ///< 0-0xFFFFFF
    bool hoist = false;                        ///< its members are listed apart from the others
    bool mentionable = false;                  ///< members may mention it
    std::optional<Timestamp> created_at = {};  ///< when it was created

    friend bool operator==(const Role&, const Role&) = default;
};

/// A user in a server (protocol §8).
struct Member {
    User user;                                 ///< the person or bot
    ServerId server_id;                        ///< where the user is a member
    std::optional<std::string> nickname = {};  ///< 1-32 code points; unset: the display name is shown
    std::vector<RoleId> roles = {};            ///< ids of the roles that the user has
    Timestamp joined_at{};                     ///< 1970-01-01 if the server did not send it

    friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace intent::raw

namespace intent::inline v0 {

/// The id of a member: a user within a server.
struct MemberId {
    ServerId server_id;  ///< the server
    UserId user_id;      ///< the user
    friend auto operator<=>(MemberId, MemberId) = default;
};

}  // namespace intent

/// Hashes both ids.
template <>
struct std::hash<intent::MemberId> {
    /// The hash of an id.
    std::size_t operator()(intent::MemberId id) const noexcept {
        const std::hash<std::uint64_t> of;
        return of(id.server_id.value) * static_cast<std::size_t>(0x9e37'79b9'7f4a'7c15U) ^ of(id.user_id.value);
    }
};
