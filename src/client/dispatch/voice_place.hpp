// A voice channel and its server.
#pragma once

#include <intent/snowflake.hpp>

namespace intent::client {

struct VoicePlace {
    ServerId server;
    ChannelId channel;
    friend bool operator==(const VoicePlace&, const VoicePlace&) = default;
};

}  // namespace intent::client
