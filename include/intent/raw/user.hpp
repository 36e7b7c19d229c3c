// Users as plain data (protocol §8).
#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// A person or a bot (protocol §8).
struct User {
    UserId id;                                   ///< its id; of the author of a webhook's message, the webhook's
    std::string username;                        ///< 2-32 of a-z 0-9 _
    std::string display_name;                    ///< the username if absent
    std::optional<std::string> avatar_url = {};  ///< the user's picture
    std::optional<Timestamp> created_at = {};    ///< unset for authors of webhook messages

    friend bool operator==(const User&, const User&) = default;
};

}  // namespace intent::raw
