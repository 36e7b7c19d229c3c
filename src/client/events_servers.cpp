// Servers and channels come, change and go (protocol §7).
#include "client/incoming.hpp"

#include <intent/raw/gateway.hpp>

#include <unordered_set>

namespace intent::client {

namespace {

template <class Event, class Structure, class Raw>
void on_change(const Incoming& in, std::string_view key) {
    auto& cache = in.cache<Raw>();
    if (cache.off() && !in.wanted<Event>()) return;
    auto raw = in.decode<Raw>(key);
    if (!raw) return;
    in.core.freshness()->changed(raw->id);
    auto before = cache.exchange(*raw);
    const std::uint64_t id = raw->id.value;
    Structure structure(*std::move(raw), in.core.ref());
    if constexpr (requires(Event event) { event.before; }) {
        in.emit(Event{std::move(structure), in.structure_of<Structure>(std::move(before))}, id);
    } else {
        in.emit(Event{std::move(structure)}, id);
    }
}

/// Is anything kept that could belong to a server?
bool keeps_parts(const Incoming& in) {
    return !in.cache<raw::Channel>().off() || !in.cache<raw::Member>().off() || !in.cache<raw::Role>().off() ||
           !in.cache<raw::Message>().off() || !in.cache<raw::VoiceState>().off();
}

void forget_messages(detail::ClientCore& core, const std::unordered_set<ChannelId>& channels) {
    auto& messages = core.cache_of<raw::Message>();
    if (messages.off() || channels.empty()) return;
    messages.take_if([&](const raw::Message& message) { return channels.contains(message.channel_id); });
}

}  // namespace

void on_server_update(const Incoming& in) { on_change<ServerUpdate, Server, raw::Server>(in, "server"); }
void on_channel_create(const Incoming& in) { on_change<ChannelCreate, Channel, raw::Channel>(in, "channel"); }
void on_channel_update(const Incoming& in) { on_change<ChannelUpdate, Channel, raw::Channel>(in, "channel"); }

void on_server_create(const Incoming& in) {
    auto* const fetch = in.core.channel_fetch();
    auto& cache = in.cache<raw::Server>();
    if (cache.off() && fetch == nullptr && !in.wanted<ServerCreate>()) return;
    auto server = in.decode<raw::Server>("server");
    if (!server) return;
    const ServerId id = server->id;
    in.core.freshness()->changed(id);
    cache.put(*server);
    if (fetch != nullptr) fetch->on_server(id);
    in.emit(ServerCreate{Server(*std::move(server), in.core.ref())}, id.value);
}

void on_server_delete(const Incoming& in) {
    if (in.cache<raw::Server>().off() && !keeps_parts(in) && !in.wanted<ServerDelete>()) return;
    const auto gone = in.decode<raw::ServerDelete>();
    if (!gone) return;
    in.core.freshness()->gone(gone->server_id);
    auto before = in.cache<raw::Server>().take(gone->server_id);
    forget_parts_of(in.core, gone->server_id);
    if (auto* const fetch = in.core.channel_fetch()) fetch->on_server_gone(gone->server_id);
    in.emit(ServerDelete{gone->server_id, in.structure_of<Server>(std::move(before)), false}, gone->server_id.value);
}

void on_channel_delete(const Incoming& in) {
    const bool cached =
        !in.cache<raw::Channel>().off() || !in.cache<raw::Message>().off() || !in.cache<raw::VoiceState>().off();
    if (!cached && !in.wanted<ChannelDelete>()) return;
    const auto gone = in.decode<raw::ChannelDelete>();
    if (!gone) return;
    in.core.freshness()->changed(gone->channel_id);
    auto before = in.cache<raw::Channel>().take(gone->channel_id);
    forget_messages(in.core, {gone->channel_id});
    in.cache<raw::VoiceState>().take_if(
        [id = gone->channel_id](const raw::VoiceState& state) { return state.channel_id == id; });
    in.emit(ChannelDelete{gone->channel_id, gone->server_id, in.structure_of<Channel>(std::move(before))},
            gone->channel_id.value);
}

void forget_parts_of(detail::ClientCore& core, ServerId server) {
    if (!server) return;  // direct messages belong to no server
    const auto of_server = [server](const auto& part) { return part.server_id == server; };
    std::unordered_set<ChannelId> channels;
    for (const auto& channel : core.cache_of<raw::Channel>().take_if(of_server))
        channels.insert(channel.id);
    forget_messages(core, channels);  // of channels that the cache did not know, they go with time
    core.cache_of<raw::Member>().take_if(of_server);
    core.cache_of<raw::Role>().take_if(of_server);
    core.cache_of<raw::VoiceState>().take_if(of_server);
}

}  // namespace intent::client
