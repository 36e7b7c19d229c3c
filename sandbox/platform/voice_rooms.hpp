// Who is in which voice channel, and the signals between them (protocol §13).
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

namespace intent::sandbox {

/// Why somebody may not be in a channel: one of protocol §6's codes.
struct VoiceRefusal {
    std::uint16_t code;
    std::string reason;
};

/// What voice must know of the platform.
class VoicePlaces {
public:
    virtual ~VoicePlaces() = default;
    virtual std::optional<VoiceRefusal> refusal(UserId user, ServerId server, ChannelId channel) = 0;
    virtual bool may_speak(UserId user, ServerId server) = 0;
    virtual std::vector<UserId> audience(ServerId server) = 0;
    virtual std::vector<raw::IceServer> ice_servers(UserId user) = 0;
    /// Text that nobody can guess.
    virtual std::string new_secret() = 0;
};

/// The voice channels of all servers: each user is in at most one of each server. There is no media server behind them:
/// signals are relayed between those in a channel, as if each were the server to the others.
///
/// To drive it: commands, and what becomes of sessions, by the `on_` functions; what they return is carried out in
/// order. Call `on_time` when `next_wake` is reached: whose connection was lost is put out then.
///
/// Distinct objects: safe. Shared objects: unsafe.
class VoiceRooms {
public:
    using Time = CommandHandler::Time;

    explicit VoiceRooms(VoicePlaces& places) : places_(places) {}
    void set_endpoint(std::string endpoint) { endpoint_ = std::move(endpoint); }

    Reactions on_state(Time now, Caller caller, const raw::VoiceStateRequest& wanted);
    Reactions on_signal(Time now, Caller caller, const raw::VoiceSignal& signal);
    /// The session's connection was lost: it has `drop_out_time` to come back. One that has ended cannot.
    void on_detached(Time now, std::uint64_t session);
    void on_attached(std::uint64_t session);
    /// Who has left is put out at once; who was lost, when the time is over.
    Reactions on_ended(std::uint64_t session, Ending how);
    Reactions on_time(Time now);
    std::optional<Time> next_wake() const;
    /// Channels, members or rights are gone, or have come: those who are where they may not be any more are put out,
    /// and the others are muted as far as they may not speak.
    Reactions on_access_change();

    /// Everybody who is in a channel of the server.
    std::vector<raw::VoiceState> states(ServerId server) const;

    static constexpr std::size_t most_in_a_room = 25;
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
        std::optional<Time> drops_out = {};  ///< set while there is no connection
        std::deque<UserId> unanswered = {};  ///< whose offers this one was shown and has not answered, in order
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
    std::map<std::uint64_t, ServerId> latest_;  ///< by session: where it joined or offered last
};

}  // namespace intent::sandbox
