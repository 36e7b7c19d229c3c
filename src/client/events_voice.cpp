// Voice: states, servers, signals (protocol §7, §13).
#include "client/dispatch.hpp"
#include "client/incoming.hpp"

#include <intent/raw/voice.hpp>

#include <string>

namespace intent::client {

void on_voice_state_update(const Incoming& in) {
    auto& calls = in.core.commands().voice();
    auto& cache = in.cache<raw::VoiceState>();
    if (cache.off() && !calls.wants() && !in.wanted<VoiceStateUpdate>()) return;
    auto state = in.decode<raw::VoiceState>();
    if (!state) return;
    if (const auto self = in.core.self(); self && self->id == state->user_id) calls.saw_own(*state);
    auto before = state->channel_id ? cache.exchange(*state) : cache.take({state->server_id, state->user_id});
    const std::uint64_t key = state->server_id.value;
    in.emit(VoiceStateUpdate{*std::move(state), std::move(before)}, key);
}

void on_voice_server_update(const Incoming& in) {
    auto& calls = in.core.commands().voice();
    if (!calls.wants() && !in.wanted<VoiceServerUpdate>()) return;
    auto update = in.decode<raw::VoiceServerUpdate>();
    if (!update) return;
    calls.saw(*update);
    const std::uint64_t key = update->server_id.value;
    in.emit(VoiceServerUpdate{*std::move(update)}, key);
}

namespace {

/// The typed message; false if a field that its type must have is not there, whose name is then in `missing`.
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

void dispatch_voice_signal(detail::ClientCore& core, codec::ByteView data) {
    const Incoming in{core, detail::Origin{"voice signal", 0}, data};
    if (!in.wanted<VoiceSignal>()) return;
    auto signal = in.decode<raw::VoiceSignal>();
    if (!signal) return;
    VoiceMessage message;
    const char* missing = nullptr;
    if (!read_message(*signal, message, missing)) return core.broken(std::string(missing) + ": missing", in.origin);
    in.emit(VoiceSignal{std::move(message), std::move(signal->type), {data.begin(), data.end()}}, 0);
}

}  // namespace intent::client
