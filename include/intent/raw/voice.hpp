// Voice: who is where, and the signals around a connection (protocol §8, §13). The sound itself takes another way.
#pragma once

#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace intent::raw {

/// Where a user is in the voice channels of a server (protocol §8).
struct VoiceState {
    UserId user_id;
    ServerId server_id;
    std::optional<ChannelId> channel_id = {};  ///< unset: in none
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

/// A place where voice channels can be hosted (protocol §9).
struct VoiceRegion {
    std::string id;
    std::string name;
    std::string endpoint = {};
    bool deprecated = false;  ///< do not choose it any more

    friend bool operator==(const VoiceRegion&, const VoiceRegion&) = default;
};

/// STUN and TURN servers with credentials for them (protocol §9).
struct TurnCredentials {
    std::vector<IceServer> ice_servers = {};
    std::chrono::seconds ttl{};  ///< how long the credentials are valid

    friend bool operator==(const TurnCredentials&, const TurnCredentials&) = default;
};

/// `d` of VOICE_SERVER_UPDATE: where to negotiate, told to the one who joins.
struct VoiceServerUpdate {
    ServerId server_id;
    ChannelId channel_id;
    std::string endpoint;
    Secret token;  ///< for one offer, within 60 s
    std::vector<IceServer> ice_servers = {};

    friend bool operator==(const VoiceServerUpdate&, const VoiceServerUpdate&) = default;
};

/// `d` of op 4.
struct VoiceStateRequest {
    ServerId server_id;
    std::optional<ChannelId> channel_id = {};  ///< unset, nil on the wire: leave
    bool self_mute = false;
    bool self_deaf = false;

    friend bool operator==(const VoiceStateRequest&, const VoiceStateRequest&) = default;
};

/// `d` of op 12 in either direction: `type` says which of the others are there.
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
