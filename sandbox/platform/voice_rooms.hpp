// The participants of voice channels and the signals between them (protocol §13).
#pragma once

#include "sandbox/platform/command_handler.hpp"

#include <intent/raw/voice.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// Why a user may not be in a channel: a close code of protocol §6.
struct VoiceRefusal {
    std::uint16_t code;
    std::string reason;
};

/// What voice needs from the platform.
class VoicePlaces {
public:
    virtual ~VoicePlaces() = default;
    virtual std::optional<VoiceRefusal> refusal(UserId user, ServerId server, ChannelId channel) = 0;
    virtual bool may_speak(UserId user, ServerId server) = 0;
    virtual std::vector<UserId> audience(ServerId server) = 0;
    virtual std::vector<raw::IceServer> ice_servers(UserId user) = 0;
    /// An unguessable text.
    virtual std::string new_secret() = 0;
};

/// The voice channels of all servers: a user is in at most one channel of each server. There is no media server:
/// signals are relayed between the participants, as if each were the server to the others.
///
/// To drive it: report commands and session changes by the `on_` functions and execute the returned reactions in order.
/// Call `on_time` when `next_wake` is reached: it removes participants who lost their connection.
class VoiceRooms {
public:
    using Time = CommandHandler::Time;

    explicit VoiceRooms(VoicePlaces& places) : places_(places) {}
    void set_endpoint(std::string endpoint) { endpoint_ = std::move(endpoint); }

    Reactions on_state(Time now, Caller caller, const raw::VoiceStateRequest& wanted);
    Reactions on_signal(Time now, Caller caller, const raw::VoiceSignal& signal);
    /// The session lost its connection: its participants are removed unless it is resumed within `drop_out_time`.
    void on_detached(Time now, std::uint64_t session);
    void on_attached(std::uint64_t session);
    /// Removes the participants of a session that left at once; those of a lost session when their time is over.
    Reactions on_ended(std::uint64_t session, Ending how);
    Reactions on_time(Time now);
    std::optional<Time> next_wake() const;
    /// Channels, members or permissions changed: removes participants who may no longer be in their channel and mutes
    /// or unmutes the others by their permission to speak.
    Reactions on_access_change();

    /// All participants in channels of the server.
    std::vector<raw::VoiceState> states(ServerId server) const;

    static constexpr std::size_t max_in_room = 25;
    static constexpr auto token_life = std::chrono::seconds(60);
    static constexpr auto drop_out_time = std::chrono::seconds(15);

private:
    struct Participant {
        std::uint64_t session;
        raw::VoiceState state;
        std::string token = {};
        Time token_end{};
        bool token_used = false;
        bool has_offered = false;
        std::optional<Time> drops_out = {};  ///< set while the session has no connection
        std::deque<UserId> unanswered = {};  ///< users with an offer that this one has not answered, oldest first
    };
    using Key = std::pair<ServerId, UserId>;
    using Participants = std::map<Key, Participant>;

    std::size_t count_in(ChannelId channel, UserId but) const;
    void announce(Reactions& reactions, const raw::VoiceState& state);
    void tell_server(Reactions& reactions, Time now, Participant& participant);
    void move_latest(std::uint64_t session, ServerId from);
    Participants::iterator remove(Reactions& reactions, Participants::iterator at);
    Participants::iterator find_speaker(Time now, Caller caller, const raw::VoiceSignal& signal);
    std::vector<Participant*> others_in_room(const Participant& one);
    Reactions on_offer(Time now, Participant& from, const raw::VoiceSignal& signal);
    Reactions on_answer(Participant& from, const raw::VoiceSignal& signal);
    Reactions relay(const Participant& from, raw::VoiceSignal signal);

    VoicePlaces& places_;
    std::string endpoint_;
    Participants participants_;
    std::map<std::uint64_t, ServerId> latest_;  ///< by session: the server where it joined or offered last
};

}  // namespace intent::sandbox
