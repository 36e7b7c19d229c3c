// Voice signalling (protocol §13). The bot makes the WebRTC connection itself; these types carry its negotiation.
#pragma once

#include <intent/raw/voice.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace intent {

/// Offers a connection; `voice_token` is the one from VoiceServerUpdate, valid for one offer within 60 s.
struct VoiceOffer {
    VoiceOffer(std::string offer, Secret token) : sdp(std::move(offer)), voice_token(std::move(token)) {}
    std::string sdp;
    Secret voice_token;
};

/// Answers an offer: sent by the server for an offer, and by the bot for a renegotiation.
struct VoiceAnswer {
    explicit VoiceAnswer(std::string answer) : sdp(std::move(answer)) {}
    std::string sdp;
};

/// An ICE candidate.
struct VoiceIce {
    explicit VoiceIce(std::string way, std::string mid = {}, int mline_index = 0)
        : candidate(std::move(way)), sdp_mid(std::move(mid)), sdp_mline_index(mline_index) {}
    std::string candidate;
    std::string sdp_mid;
    int sdp_mline_index = 0;
};

/// The server sends a new offer; answer with a VoiceAnswer.
struct VoiceRenegotiate {
    VoiceRenegotiate(std::string offer, std::string why) : sdp(std::move(offer)), reason(std::move(why)) {}
    std::string sdp;
    std::string reason;  ///< "participant_joined", "participant_left", "track_update"
};

/// A user started or stopped speaking.
struct VoiceSpeaking {
    VoiceSpeaking(UserId who, bool speaks) : user_id(who), speaking(speaks) {}
    UserId user_id;
    bool speaking = false;
};

/// The result of `Client::connect_voice`: where to connect, and the server's answer to the offer.
struct VoiceConnection {
    raw::VoiceServerUpdate server;
    VoiceAnswer answer;
};

/// A signal by its type; `std::monostate` for a type that this version does not know.
using VoiceMessage = std::variant<std::monostate, VoiceOffer, VoiceAnswer, VoiceIce, VoiceRenegotiate, VoiceSpeaking>;

/// The bot's state in a voice channel: `VoiceOptions{}.muted().deafened()`. By default it is neither.
class VoiceOptions {
public:
    VoiceOptions() = default;
    VoiceOptions& muted(bool yes = true) { return muted_ = yes, *this; }
    VoiceOptions& deafened(bool yes = true) { return deafened_ = yes, *this; }

    /// Timeout for the server's answer to a join, and for that to an offer, each from the moment it is sent: 1 ms to
    /// 1 h, 10 s if unset.
    VoiceOptions& timeout(std::chrono::milliseconds time) { return timeout_ = time, *this; }

    bool is_muted() const noexcept { return muted_; }
    bool is_deafened() const noexcept { return deafened_; }
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }

private:
    bool muted_ = false;
    bool deafened_ = false;
    std::chrono::milliseconds timeout_ = std::chrono::seconds(10);
};

}  // namespace intent
