// Voice signalling (protocol §13). The bot makes the WebRTC connection itself; these types carry its negotiation.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/raw/voice.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>

#include <string>
#include <utility>
#include <variant>

namespace intent::inline v0 {

/// Offers a connection; `voice_token` is the one from VoiceServerUpdate, valid for one offer within 60 s.
struct VoiceOffer {
    /// An offer with the token of VoiceServerUpdate.
    VoiceOffer(std::string offer, Secret token) : sdp(std::move(offer)), voice_token(std::move(token)) {}
    std::string sdp;     ///< the session description
    Secret voice_token;  ///< from VoiceServerUpdate
};

/// Answers an offer: sent by the server for an offer, and by the bot for a renegotiation.
struct VoiceAnswer {
    /// An answer.
    explicit VoiceAnswer(std::string answer) : sdp(std::move(answer)) {}
    std::string sdp;  ///< the session description
};

/// An ICE candidate.
struct VoiceIce {
    /// A candidate, and the media that it is for.
    explicit VoiceIce(std::string way, std::string mid = {}, int mline_index = 0)
        : candidate(std::move(way)), sdp_mid(std::move(mid)), sdp_mline_index(mline_index) {}
    std::string candidate;    ///< as the WebRTC stack writes it
    std::string sdp_mid;      ///< the media that it is for
    int sdp_mline_index = 0;  ///< the same as a number
};

/// The server sends a new offer; answer with a VoiceAnswer.
struct VoiceRenegotiate {
    /// A new offer and why it is made.
    VoiceRenegotiate(std::string offer, std::string why) : sdp(std::move(offer)), reason(std::move(why)) {}
    std::string sdp;     ///< the session description
    std::string reason;  ///< "participant_joined", "participant_left", "track_update"
};

/// A user started or stopped speaking.
struct VoiceSpeaking {
    /// Whether a user speaks.
    VoiceSpeaking(UserId who, bool speaks) : user_id(who), speaking(speaks) {}
    UserId user_id;         ///< the user
    bool speaking = false;  ///< false: the user stopped
};

/// The result of `Client::connect_voice`: where to connect, and the server's answer to the offer.
struct VoiceConnection {
    raw::VoiceServerUpdate server;  ///< where to connect
    VoiceAnswer answer;             ///< the server's answer to the offer
};

/// A signal by its type; `std::monostate` for a type that this version does not know.
using VoiceMessage = std::variant<std::monostate, VoiceOffer, VoiceAnswer, VoiceIce, VoiceRenegotiate, VoiceSpeaking>;

/// The bot's state in a voice channel: `VoiceOptions{}.muted().deafened()`. By default it is neither.
class VoiceOptions {
public:
    VoiceOptions() = default;
    /// Sends no sound.
    VoiceOptions& muted(bool yes = true) { return muted_ = yes, *this; }
    /// Receives no sound.
    VoiceOptions& deafened(bool yes = true) { return deafened_ = yes, *this; }

    /// Timeout for the server's answer to a join, and for that to an offer, each from the moment it is sent: 1 ms to
    /// 1 h, 10 s if unset.
    VoiceOptions& timeout(std::chrono::milliseconds time) { return timeout_ = time, *this; }

    /// Whether it sends no sound.
    bool is_muted() const noexcept { return muted_; }
    /// Whether it receives no sound.
    bool is_deafened() const noexcept { return deafened_; }
    /// The timeout for the server's answer.
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }

private:
    bool muted_ = false;
    bool deafened_ = false;
    std::chrono::milliseconds timeout_ = std::chrono::seconds(10);
};

}  // namespace intent
