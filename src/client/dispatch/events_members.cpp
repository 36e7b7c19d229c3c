// Members, typing, presence (protocol §7).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/member_events.hpp>
#include <intent/raw/presence.hpp>

namespace intent::client {

namespace {

void remember(Dispatcher& dispatcher, const raw::Member& member) {
    dispatcher.cache<raw::User>().put(member.user);
    dispatcher.cache<raw::Member>().put(member);
}

}  // namespace

void on_member_add(Dispatcher& dispatcher, const Payload& payload) {
    if (dispatcher.cache<raw::Member>().off() && dispatcher.cache<raw::User>().off() && !dispatcher.wanted<MemberAdd>())
        return;
    auto added = dispatcher.decode<raw::MemberAdd>(payload);
    if (!added) return;
    raw::Member& member = *added;
    dispatcher.caches_in_use().freshness().changed(MemberId{member.server_id, member.user.id});
    remember(dispatcher, member);
    const std::uint64_t key = member.server_id.value;
    dispatcher.emit(MemberAdd{Member(std::move(member), dispatcher.client())}, payload, key);
}

void on_member_remove(Dispatcher& dispatcher, const Payload& payload) {
    auto& cache = dispatcher.cache<raw::Member>();
    auto& voice_states = dispatcher.cache<raw::VoiceState>();
    if (cache.off() && voice_states.off() && !dispatcher.wanted<MemberRemove>()) return;
    const auto gone = dispatcher.decode<raw::MemberRemove>(payload);
    if (!gone) return;
    const MemberId id{gone->server_id, gone->user_id};
    dispatcher.caches_in_use().freshness().changed(id);
    voice_states.take(id);
    auto before = cache.take(id);
    dispatcher.emit(MemberRemove{gone->server_id, gone->user_id, dispatcher.structure_of<Member>(std::move(before))},
                    payload, gone->server_id.value);
}

void on_members_chunk(Dispatcher& dispatcher, const Payload& payload) {
    auto* const follower = dispatcher.follower();
    const bool followed = follower != nullptr && follower->wants_members();
    const bool cached = !dispatcher.cache<raw::Member>().off() || !dispatcher.cache<raw::User>().off();
    if (!cached && !followed && !dispatcher.wanted<MembersChunk>()) return;
    const auto chunk = dispatcher.decode<raw::MembersChunk>(payload);
    if (!chunk) return;
    for (const auto& member : chunk->members)
        remember(dispatcher, member);
    if (followed) follower->on_members(*chunk);
    if (!dispatcher.wanted<MembersChunk>()) return;
    MembersChunk event{chunk->server_id, {}, chunk->chunk_index, chunk->chunk_count, chunk->not_found};
    event.members.reserve(chunk->members.size());
    for (const auto& member : chunk->members)
        event.members.emplace_back(member, dispatcher.client());
    dispatcher.emit(std::move(event), payload, chunk->server_id.value);
}

void on_typing_start(Dispatcher& dispatcher, const Payload& payload) {
    if (const auto typing = dispatcher.decode<raw::TypingStart>(payload)) {
        dispatcher.emit(TypingStart{typing->channel_id, typing->user_id, typing->timestamp.value}, payload,
                        typing->channel_id.value);
    }
}

void on_presence_update(Dispatcher& dispatcher, const Payload& payload) {
    auto presence = dispatcher.decode<raw::PresenceUpdate>(payload);
    if (!presence) return;
    const auto status = presence_status(presence->status);
    dispatcher.emit(PresenceUpdate{presence->user_id, status, std::move(presence->status)}, payload,
                    presence->user_id.value);
}

}  // namespace intent::client
