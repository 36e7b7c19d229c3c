// Channels as plain data (protocol §8).
#pragma once

#include <intent/raw/user.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0 {

/// The type of a channel (protocol §8). Unknown numbers are preserved.
enum class ChannelType : int {
    text = 0,      ///< messages
    voice = 1,     ///< people who talk
    category = 2,  ///< holds other channels
    direct = 3,    ///< messages between two people
    group = 4,     ///< messages between 3 to 10 people
};

/// True for the types of direct messages: such channels belong to no server and have no position, and their messages
/// are encrypted end to end (protocol §16).
constexpr bool is_direct(ChannelType type) noexcept {
    return type == ChannelType::direct || type == ChannelType::group;
}

namespace raw {

/// A channel of a server, or a channel of direct messages (protocol §8); `is_direct(type)` distinguishes them.
struct Channel {
    ChannelId id;                              ///< its id
    ServerId server_id;                        ///< unset (false as a condition) for direct messages
    std::string name;                          ///< 1-100 code points; empty for direct messages without a name
    ChannelType type = ChannelType::text;      ///< what it holds
    std::optional<std::string> topic = {};     ///< at most 1024 code points
    int position = 0;                          ///< among the server's channels; 0 for direct messages
    std::optional<ChannelId> parent_id = {};   ///< the category that holds it
    std::optional<Timestamp> created_at = {};  ///< when it was created

    // Direct messages only.
    std::vector<User> recipients = {};         ///< the other people, without the owner of the token
    bool mls_initialized = false;              ///< the encryption group exists, so messages can be sent (protocol §16)
    std::optional<UserId> owner_id = {};       ///< of a group
    std::optional<std::string> icon_url = {};  ///< of a group

    friend bool operator==(const Channel&, const Channel&) = default;
};

}  // namespace raw
}  // namespace intent
