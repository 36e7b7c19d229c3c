// Opcode 12: signals from one participant of a voice channel to the others (protocol §13).
#include "codec/convert.hpp"
#include "sandbox/platform/sdp.hpp"
#include "sandbox/platform/voice_rooms.hpp"

namespace intent::inline v0::sandbox {
namespace {

SignalSession signal_to(std::uint64_t session, const raw::VoiceSignal& signal) {
    return {session, codec::Opcode::voice_signal, codec::to_msgpack(signal)};
}

}  // namespace

std::vector<VoiceRooms::Participant*> VoiceRooms::others_in_room(const Participant& one) {
    std::vector<Participant*> others;
    for (auto& [key, other] : participants_)
        if (&other != &one && other.state.channel_id == one.state.channel_id) others.push_back(&other);
    return others;
}

/// A token selects the room of an offer; other signals belong to the room that the session joined or offered in last.
VoiceRooms::Participants::iterator VoiceRooms::find_speaker(Time now, Caller caller, const raw::VoiceSignal& signal) {
    if (signal.voice_token) {
        const std::string_view token = signal.voice_token->reveal();
        for (auto at = participants_.begin(); at != participants_.end(); ++at) {
            Participant& each = at->second;
            if (each.session != caller.session || token.empty() || each.token != token) continue;
            if (each.token_used || each.token_end <= now) break;
            each.token_used = true;
            latest_[caller.session] = at->first.first;
            return at;
        }
        return participants_.end();
    }
    const auto latest = latest_.find(caller.session);
    return latest == latest_.end() ? participants_.end() : participants_.find({latest->second, caller.user});
}

Reactions VoiceRooms::on_signal(Time now, Caller caller, const raw::VoiceSignal& signal) {
    const auto refuse = [&](std::uint16_t code, std::string reason) -> Reactions {
        return {RefuseSession{caller.session, code, std::move(reason)}};
    };
    const auto at = find_speaker(now, caller, signal);
    if (at == participants_.end()) {
        if (signal.voice_token) return refuse(4014, "voice_token: unknown, used, or older than 60 s");
        return refuse(4011, "Voice Signal before joining a voice channel (opcode 4)");
    }
    Participant& from = at->second;
    if (signal.type == "offer") {
        if (!signal.voice_token && !from.has_offered)
            return refuse(4014, "voice_token: required in the first offer (from VOICE_SERVER_UPDATE)");
        return on_offer(now, from, signal);
    }
    if (signal.type == "answer") return on_answer(from, signal);
    if (signal.type == "speaking" && (from.state.self_mute || from.state.server_mute)) return {};
    return relay(from, signal);
}

Reactions VoiceRooms::on_offer(Time, Participant& from, const raw::VoiceSignal& signal) {
    const bool is_first = !std::exchange(from.has_offered, true);
    const auto others = others_in_room(from);
    if (others.empty())
        return {signal_to(from.session, {.type = "answer", .sdp = declining_answer(signal.sdp.value_or(""))})};
    Reactions reactions;
    for (Participant* other : others) {
        other->unanswered.push_back(from.state.user_id);
        reactions.push_back(signal_to(other->session, {.type = "renegotiate",
                                                       .sdp = signal.sdp,
                                                       .reason = is_first ? "participant_joined" : "track_update",
                                                       .user_id = from.state.user_id}));
    }
    return reactions;
}

Reactions VoiceRooms::on_answer(Participant& from, const raw::VoiceSignal& signal) {
    // An answer does not name its offer: it belongs to the oldest unanswered one.
    if (from.unanswered.empty()) return {};
    const UserId asked = from.unanswered.front();
    from.unanswered.pop_front();
    const auto at = participants_.find({from.state.server_id, asked});
    if (at == participants_.end()) return {};
    return {signal_to(at->second.session, {.type = "answer", .sdp = signal.sdp, .user_id = from.state.user_id})};
}

Reactions VoiceRooms::relay(const Participant& from, raw::VoiceSignal signal) {
    signal.voice_token.reset();
    signal.user_id = from.state.user_id;
    Reactions reactions;
    for (const Participant* other : others_in_room(from))
        reactions.push_back(signal_to(other->session, signal));
    return reactions;
}

}  // namespace intent::sandbox
