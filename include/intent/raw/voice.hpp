// Voice states and signalling (protocol §8, §13). The audio uses a separate connection.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// The voice state of a user in a server (protocol §8).
struct VoiceState {
    UserId user_id;                            ///< the user
    ServerId server_id;                        ///< the server
    std::optional<ChannelId> channel_id = {};  ///< unset: not in a voice channel
    std::string session_id = {};               ///< opaque; not the gateway session's
    bool self_mute = false;                    ///< the user has muted themselves
    bool self_deaf = false;                    ///< the user has deafened themselves
    bool server_mute = false;                  ///< muted by a moderator, or not permitted to speak
    bool server_deaf = false;                  ///< deafened by a moderator

    friend bool operator==(const VoiceState&, const VoiceState&) = default;
};

/// A STUN or TURN server.
struct IceServer {
    std::vector<std::string> urls = {};        ///< stun:, turn: or turns: addresses
    std::optional<std::string> username = {};  ///< of a TURN server
    std::optional<Secret> credential = {};     ///< the password of a TURN server

    friend bool operator==(const IceServer&, const IceServer&) = default;
};

/// A region that can host voice channels (protocol §9).
struct VoiceRegion {
    std::string id;             ///< its id
    std::string name;           ///< as it is shown
    std::string endpoint = {};  ///< its media server
    bool deprecated = false;    ///< do not use it for new channels

    friend bool operator==(const VoiceRegion&, const VoiceRegion&) = default;
};

/// STUN and TURN servers with credentials (protocol §9).
struct TurnCredentials {
    std::vector<IceServer> ice_servers = {};  ///< to pass to the WebRTC stack
    std::chrono::seconds ttl{};               ///< validity of the credentials

    friend bool operator==(const TurnCredentials&, const TurnCredentials&) = default;
};

/// `d` of VOICE_SERVER_UPDATE: where to negotiate; sent to the user who joins.
struct VoiceServerUpdate {
    ServerId server_id;                       ///< the server
    ChannelId channel_id;                     ///< the voice channel
    std::string endpoint;                     ///< the media server
    Secret token;                             ///< valid for one offer within 60 s
    std::vector<IceServer> ice_servers = {};  ///< to pass to the WebRTC stack

    friend bool operator==(const VoiceServerUpdate&, const VoiceServerUpdate&) = default;
};

/// `d` of op 4.
struct VoiceStateRequest {
    ServerId server_id;                        ///< the server
    std::optional<ChannelId> channel_id = {};  ///< unset (nil on the wire): leave
    bool self_mute = false;                    ///< mute the bot
    bool self_deaf = false;                    ///< deafen the bot

    friend bool operator==(const VoiceStateRequest&, const VoiceStateRequest&) = default;
};

/// `d` of op 12 in either direction; `type` determines which other fields are set.
struct VoiceSignal {
    std::string type;                           ///< "offer", "answer", "ice", "renegotiate", "speaking"
    std::optional<std::string> sdp = {};        ///< the description of a session
    std::optional<Secret> voice_token = {};     ///< from VOICE_SERVER_UPDATE, for an offer
    std::optional<std::string> candidate = {};  ///< an ICE candidate
    std::optional<std::string> sdp_mid = {};    ///< which media the candidate is for
    std::optional<int> sdp_mline_index = {};    ///< the same as a number
    std::optional<std::string> reason = {};     ///< of a renegotiation
    std::optional<UserId> user_id = {};         ///< who speaks
    std::optional<bool> speaking = {};          ///< whether they began or stopped

    friend bool operator==(const VoiceSignal&, const VoiceSignal&) = default;
};

}  // namespace intent::raw
