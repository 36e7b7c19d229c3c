// Voice states and signalling (protocol §8, §13). The audio uses a separate connection.
#pragma once

#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace intent::raw {

/// The voice state of a user in a server (protocol §8).
struct VoiceState {
    UserId user_id;
    ServerId server_id;
    std::optional<ChannelId> channel_id = {};  ///< unset: not in a voice channel
    std::string session_id = {};               ///< opaque; not the gateway session's
    bool self_mute = false;
    bool self_deaf = false;
    bool server_mute = false;
    bool server_deaf = false;

    friend bool operator==(const VoiceState&, const VoiceState&) = default;
};

/// A STUN or TURN server.
struct IceServer {
    std::vector<std::string> urls = {};
    std::optional<std::string> username = {};
    std::optional<Secret> credential = {};

    friend bool operator==(const IceServer&, const IceServer&) = default;
};

/// A region that can host voice channels (protocol §9).
struct VoiceRegion {
    std::string id;
    std::string name;
    std::string endpoint = {};
    bool deprecated = false;  ///< do not use it for new channels

    friend bool operator==(const VoiceRegion&, const VoiceRegion&) = default;
};

/// STUN and TURN servers with credentials (protocol §9).
struct TurnCredentials {
    std::vector<IceServer> ice_servers = {};
    std::chrono::seconds ttl{};  ///< validity of the credentials

    friend bool operator==(const TurnCredentials&, const TurnCredentials&) = default;
};

/// `d` of VOICE_SERVER_UPDATE: where to negotiate; sent to the user who joins.
struct VoiceServerUpdate {
    ServerId server_id;
    ChannelId channel_id;
    std::string endpoint;
    Secret token;  ///< valid for one offer within 60 s
    std::vector<IceServer> ice_servers = {};

    friend bool operator==(const VoiceServerUpdate&, const VoiceServerUpdate&) = default;
};

/// `d` of op 4.
struct VoiceStateRequest {
    ServerId server_id;
    std::optional<ChannelId> channel_id = {};  ///< unset (nil on the wire): leave
    bool self_mute = false;
    bool self_deaf = false;

    friend bool operator==(const VoiceStateRequest&, const VoiceStateRequest&) = default;
};

/// `d` of op 12 in either direction; `type` determines which other fields are set.
struct VoiceSignal {
    std::string type;
    std::optional<std::string> sdp = {};
    std::optional<Secret> voice_token = {};
    std::optional<std::string> candidate = {};
    std::optional<std::string> sdp_mid = {};
    std::optional<int> sdp_mline_index = {};
    std::optional<std::string> reason = {};
    std::optional<UserId> user_id = {};
    std::optional<bool> speaking = {};

    friend bool operator==(const VoiceSignal&, const VoiceSignal&) = default;
};

}  // namespace intent::raw
