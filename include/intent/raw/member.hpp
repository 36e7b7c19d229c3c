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

namespace intent::raw {

/// A role of a server (protocol §8).
struct Role {
    RoleId id;
    ServerId server_id;
    std::string name;
    Permissions permissions;  ///< a decimal string on the wire; a number is accepted too
    int position = 0;
    std::uint32_t color = 0;
    bool hoist = false;
    bool mentionable = false;
    std::optional<Timestamp> created_at = {};

    friend bool operator==(const Role&, const Role&) = default;
};

/// A user in a server (protocol §8).
struct Member {
    User user;
    ServerId server_id;
    std::optional<std::string> nickname = {};
    std::vector<RoleId> roles = {};
    Timestamp joined_at{};

    friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace intent::raw

namespace intent {

/// The id of a member: a user within a server.
struct MemberId {
    ServerId server_id;
    UserId user_id;
    friend auto operator<=>(MemberId, MemberId) = default;
};

}  // namespace intent

template <>
struct std::hash<intent::MemberId> {
    std::size_t operator()(intent::MemberId id) const noexcept {
        const std::hash<std::uint64_t> of;
        return of(id.server_id.value) * static_cast<std::size_t>(0x9e37'79b9'7f4a'7c15U) ^ of(id.user_id.value);
    }
};
