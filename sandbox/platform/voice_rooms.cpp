#include "sandbox/platform/voice_rooms.hpp"

#include "codec/convert.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {

void VoiceRooms::announce(Reactions& reactions, const raw::VoiceState& state) {
    reactions.push_back(Announce{{.name = "VOICE_STATE_UPDATE",
                                  .data = codec::to_msgpack(state),
                                  .audience = places_.audience(state.server_id)}});
}

std::size_t VoiceRooms::count_in(ChannelId channel, UserId but) const {
    return static_cast<std::size_t>(std::count_if(participants_.begin(), participants_.end(), [&](const auto& entry) {
        return entry.second.state.channel_id == channel && entry.first.second != but;
    }));
}

void VoiceRooms::tell_server(Reactions& reactions, Time now, Participant& participant) {
    participant.token = places_.new_secret();
    participant.token_end = now + token_life;
    participant.token_used = false;
    const raw::VoiceServerUpdate update{.server_id = participant.state.server_id,
                                        .channel_id = *participant.state.channel_id,
                                        .endpoint = endpoint_,
                                        .token = participant.token,
                                        .ice_servers = places_.ice_servers(participant.state.user_id)};
    reactions.push_back(
        NotifySession{participant.session, {.name = "VOICE_SERVER_UPDATE", .data = codec::to_msgpack(update)}});
}

/// After a session leaves its room in the server `from`, its signals apply to another room that it is in.
void VoiceRooms::move_latest(std::uint64_t session, ServerId from) {
    const auto latest = latest_.find(session);
    if (latest == latest_.end() || latest->second != from) return;
    const auto other = std::find_if(participants_.begin(), participants_.end(), [&](const auto& entry) {
        return entry.second.session == session && entry.first.first != from;
    });
    if (other == participants_.end())
        latest_.erase(latest);
    else
        latest->second = other->first.first;
}

VoiceRooms::Participants::iterator VoiceRooms::remove(Reactions& reactions, Participants::iterator at) {
    raw::VoiceState state = at->second.state;
    for (Participant* other : others_in_room(at->second))
        std::erase(other->unanswered, state.user_id);
    move_latest(at->second.session, state.server_id);
    const auto next = participants_.erase(at);
    state.channel_id.reset();
    announce(reactions, state);
    return next;
}

Reactions VoiceRooms::on_state(Time now, Caller caller, const raw::VoiceStateRequest& wanted) {
    Reactions reactions;
    const Key key{wanted.server_id, caller.user};
    auto at = participants_.find(key);
    if (!wanted.channel_id) {
        if (at != participants_.end()) remove(reactions, at);
        return reactions;
    }
    if (auto refused = places_.refusal(caller.user, wanted.server_id, *wanted.channel_id))
        return {RefuseSession{caller.session, refused->code, std::move(refused->reason)}};
    if (count_in(*wanted.channel_id, caller.user) >= max_in_room)
        return {RefuseSession{caller.session, 4015, "the voice channel is full: 25 participants"}};

    const bool stays = at != participants_.end() && at->second.state.channel_id == wanted.channel_id &&
                       at->second.session == caller.session;
    if (at != participants_.end() && !stays) {
        // The announcement below also shows the old room that the user left.
        for (Participant* other : others_in_room(at->second))
            std::erase(other->unanswered, caller.user);
        move_latest(at->second.session, wanted.server_id);
        at = participants_.erase(at);
    }
    if (!stays) {
        Participant joined{.session = caller.session, .state = {}};
        joined.state.session_id = places_.new_secret();
        at = participants_.emplace(key, std::move(joined)).first;
    }
    raw::VoiceState state{.user_id = caller.user,
                          .server_id = wanted.server_id,
                          .channel_id = wanted.channel_id,
                          .session_id = at->second.state.session_id,
                          .self_mute = wanted.self_mute,
                          .self_deaf = wanted.self_deaf,
                          .server_mute = !places_.may_speak(caller.user, wanted.server_id)};
    // An unchanged request means that the client lost its token or let it expire: send a new one.
    const bool rejoins = stays && state == at->second.state;
    at->second.state = std::move(state);
    latest_[caller.session] = wanted.server_id;
    if (!rejoins) announce(reactions, at->second.state);
    if (!stays || rejoins) tell_server(reactions, now, at->second);
    return reactions;
}

void VoiceRooms::on_detached(Time now, std::uint64_t session) {
    for (auto& [key, participant] : participants_)
        if (participant.session == session) participant.drops_out = now + drop_out_time;
}

void VoiceRooms::on_attached(std::uint64_t session) {
    for (auto& [key, participant] : participants_)
        if (participant.session == session) participant.drops_out.reset();
}

std::optional<VoiceRooms::Time> VoiceRooms::next_wake() const {
    std::optional<Time> wake;
    for (const auto& [key, participant] : participants_)
        if (participant.drops_out && (!wake || *participant.drops_out < *wake)) wake = participant.drops_out;
    return wake;
}

Reactions VoiceRooms::on_time(Time now) {
    Reactions reactions;
    for (auto at = participants_.begin(); at != participants_.end();)
        at = at->second.drops_out && *at->second.drops_out <= now ? remove(reactions, at) : std::next(at);
    return reactions;
}

Reactions VoiceRooms::on_ended(std::uint64_t session, Ending how) {
    Reactions reactions;
    if (how == Ending::lost) {
        latest_.erase(session);
        return reactions;
    }
    for (auto at = participants_.begin(); at != participants_.end();)
        at = at->second.session == session ? remove(reactions, at) : std::next(at);
    latest_.erase(session);
    return reactions;
}

Reactions VoiceRooms::on_access_change() {
    Reactions reactions;
    for (auto at = participants_.begin(); at != participants_.end();) {
        raw::VoiceState& state = at->second.state;
        if (places_.refusal(state.user_id, state.server_id, *state.channel_id)) {
            at = remove(reactions, at);
            continue;
        }
        const bool is_muted = !places_.may_speak(state.user_id, state.server_id);
        if (std::exchange(state.server_mute, is_muted) != is_muted) announce(reactions, state);
        ++at;
    }
    return reactions;
}

std::vector<raw::VoiceState> VoiceRooms::states(ServerId server) const {
    std::vector<raw::VoiceState> states;
    for (const auto& [key, participant] : participants_)
        if (key.first == server) states.push_back(participant.state);
    return states;
}

}  // namespace intent::sandbox
