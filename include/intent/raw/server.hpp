#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent::raw {

/// A server with its people, bots and channels (protocol §8).
struct Server {
    ServerId id;
    std::string name;  ///< 2-100 code points
    UserId owner_id;
    std::optional<std::string> icon_url = {};
    std::optional<std::string> description = {};
    int member_count = 0;  ///< 0 if unknown
    std::optional<Timestamp> created_at = {};

    friend bool operator==(const Server&, const Server&) = default;
};

}  // namespace intent::raw
