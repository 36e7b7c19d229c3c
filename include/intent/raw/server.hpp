// Servers as plain data (protocol §8).
#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// A server with its people, bots and channels (protocol §8).
struct Server {
    ServerId id;                                  ///< its id
    std::string name;                             ///< 2-100 code points
    UserId owner_id;                              ///< who has all permissions
    std::optional<std::string> icon_url = {};     ///< its picture
    std::optional<std::string> description = {};  ///< at most 500 code points
    int member_count = 0;                         ///< 0 if unknown
    std::optional<Timestamp> created_at = {};     ///< when it was created

    friend bool operator==(const Server&, const Server&) = default;
};

}  // namespace intent::raw
