// Voice: states, servers, signals (protocol §7, §13).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/voice.hpp>

#include <string>

namespace intent::client {

void on_voice_state_update(Dispatcher& dispatcher, const Payload& payload) {
    auto* const follower = dispatcher.follower();
    const bool followed = follower != nullptr && follower->wants_voice();
    auto& cache = dispatcher.cache<raw::VoiceState>();
    if (cache.off() && !followed && !dispatcher.wanted<VoiceStateUpdate>()) return;
    auto state = dispatcher.decode<raw::VoiceState>(payload);
    if (!state) return;
    if (followed && dispatcher.caches_in_use().self_id() == state->user_id) follower->on_own_voice_state(*state);
    auto before = state->channel_id ? cache.exchange(*state) : cache.take({state->server_id, state->user_id});
    const std::uint64_t key = state->server_id.value;
    dispatcher.emit(VoiceStateUpdate{*std::move(state), std::move(before)}, payload, key);
}

void on_voice_server_update(Dispatcher& dispatcher, const Payload& payload) {
    auto* const follower = dispatcher.follower();
    const bool followed = follower != nullptr && follower->wants_voice();
    if (!followed && !dispatcher.wanted<VoiceServerUpdate>()) return;
    auto update = dispatcher.decode<raw::VoiceServerUpdate>(payload);
    if (!update) return;
    if (followed) follower->on_voice_server(*update);
    const std::uint64_t key = update->server_id.value;
    dispatcher.emit(VoiceServerUpdate{*std::move(update)}, payload, key);
}

namespace {

/// Reads the typed message; false if a required field is missing, and `missing` is then its name.
bool read_message(raw::VoiceSignal& signal, VoiceMessage& message, const char*& missing) {
    const auto lacks = [&missing](bool there, const char* field) {
        if (!there) missing = field;
        return !there;
    };
    const auto text = [](std::optional<std::string>& field) { return std::move(field).value_or(""); };
    if (signal.type == "offer") {
        if (lacks(signal.sdp.has_value(), "sdp")) return false;
        message = VoiceOffer(text(signal.sdp), signal.voice_token.value_or(Secret{}));
    } else if (signal.type == "answer") {
        if (lacks(signal.sdp.has_value(), "sdp")) return false;
        message = VoiceAnswer(text(signal.sdp));
    } else if (signal.type == "ice") {
        if (lacks(signal.candidate.has_value(), "candidate")) return false;
        message = VoiceIce(text(signal.candidate), text(signal.sdp_mid), signal.sdp_mline_index.value_or(0));
    } else if (signal.type == "renegotiate") {
        if (lacks(signal.sdp.has_value(), "sdp")) return false;
        message = VoiceRenegotiate(text(signal.sdp), text(signal.reason));
    } else if (signal.type == "speaking") {
        if (lacks(signal.user_id.has_value(), "user_id") || lacks(signal.speaking.has_value(), "speaking"))
            return false;
        message = VoiceSpeaking(*signal.user_id, *signal.speaking);
    }
    return true;
}

}  // namespace

void Dispatcher::voice_signal(codec::ByteView data) {
    const Payload payload{detail::Origin{"voice signal", 0}, data};
    auto* const follower = this->follower();
    const bool followed = follower != nullptr && follower->wants_signals();
    if (!followed && !wanted<VoiceSignal>()) return;
    auto signal = decode<raw::VoiceSignal>(payload);
    if (!signal) return;
    VoiceMessage message;
    const char* missing = nullptr;
    if (!read_message(*signal, message, missing)) return undecodable(payload, std::string(missing) + ": missing");
    const auto place = follower != nullptr ? follower->on_signal(message) : std::nullopt;
    VoiceSignal event{std::move(message), std::move(signal->type), {data.begin(), data.end()}};
    if (place) {
        event.server_id = place->server;
        event.channel_id = place->channel;
    }
    emit(std::move(event), payload, 0);
}

}  // namespace intent::client
