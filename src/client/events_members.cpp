// Members, typing, presence (protocol §7).
#include "client/incoming.hpp"

#include <intent/raw/member_events.hpp>
#include <intent/raw/presence.hpp>

namespace intent::client {

namespace {

void remember(const Incoming& in, const raw::Member& member) {
    in.cache<raw::User>().put(member.user);
    in.cache<raw::Member>().put(member);
}

}  // namespace

void on_member_add(const Incoming& in) {
    if (in.cache<raw::Member>().off() && in.cache<raw::User>().off() && !in.wanted<MemberAdd>()) return;
    auto added = in.decode<raw::MemberAdd>();
    if (!added) return;
    raw::Member& member = *added;
    in.core.freshness()->changed(MemberId{member.server_id, member.user.id});
    remember(in, member);
    const std::uint64_t key = member.server_id.value;
    in.emit(MemberAdd{Member(std::move(member), in.core.ref())}, key);
}

void on_member_remove(const Incoming& in) {
    auto& cache = in.cache<raw::Member>();
    auto& voice_states = in.cache<raw::VoiceState>();
    if (cache.off() && voice_states.off() && !in.wanted<MemberRemove>()) return;
    const auto gone = in.decode<raw::MemberRemove>();
    if (!gone) return;
    const MemberId id{gone->server_id, gone->user_id};
    in.core.freshness()->changed(id);
    voice_states.take(id);
    auto before = cache.take(id);
    in.emit(MemberRemove{gone->server_id, gone->user_id, in.structure_of<Member>(std::move(before))},
            gone->server_id.value);
}

void on_members_chunk(const Incoming& in) {
    auto& requests = in.core.commands().members();
    const bool cached = !in.cache<raw::Member>().off() || !in.cache<raw::User>().off();
    if (!cached && !requests.wants() && !in.wanted<MembersChunk>()) return;
    const auto chunk = in.decode<raw::MembersChunk>();
    if (!chunk) return;
    for (const auto& member : chunk->members)
        remember(in, member);
    requests.saw(*chunk);
    if (!in.wanted<MembersChunk>()) return;
    MembersChunk event{chunk->server_id, {}, chunk->chunk_index, chunk->chunk_count, chunk->not_found};
    event.members.reserve(chunk->members.size());
    for (const auto& member : chunk->members)
        event.members.emplace_back(member, in.core.ref());
    in.emit(std::move(event), chunk->server_id.value);
}

void on_typing_start(const Incoming& in) {
    if (!in.wanted<TypingStart>()) return;
    if (const auto typing = in.decode<raw::TypingStart>()) {
        in.emit(TypingStart{typing->channel_id, typing->user_id, typing->timestamp.value}, typing->channel_id.value);
    }
}

void on_presence_update(const Incoming& in) {
    if (!in.wanted<PresenceUpdate>()) return;
    auto presence = in.decode<raw::PresenceUpdate>();
    if (!presence) return;
    const auto status = presence_status(presence->status);
    in.emit(PresenceUpdate{presence->user_id, status, std::move(presence->status)}, presence->user_id.value);
}

}  // namespace intent::client
