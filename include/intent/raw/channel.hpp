#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <optional>
#include <string>

namespace intent {

/// The kind of a channel (protocol §8). Numbers that this version does not know are kept.
enum class ChannelType : int { text = 0, voice = 1, category = 2 };

namespace raw {

/// A channel of a server (protocol §8).
struct Channel {
    ChannelId id;
    ServerId server_id;
    std::string name;  ///< 1-100 code points
    ChannelType type = ChannelType::text;
    std::optional<std::string> topic = {};
    int position = 0;
    std::optional<ChannelId> parent_id = {};
    std::optional<Timestamp> created_at = {};

    friend bool operator==(const Channel&, const Channel&) = default;
};

}  // namespace raw
}  // namespace intent
