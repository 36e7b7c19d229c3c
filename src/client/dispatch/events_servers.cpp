// Events of servers and channels (protocol §7).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/gateway.hpp>

#include <unordered_set>

namespace intent::client {

namespace {

template <class Event, class Structure, class Raw>
void on_change(Dispatcher& dispatcher, const Payload& payload, std::string_view key) {
    auto& cache = dispatcher.cache<Raw>();
    if (cache.off() && !dispatcher.wanted<Event>()) return;
    auto raw = dispatcher.decode<Raw>(payload, key);
    if (!raw) return;
    dispatcher.caches_in_use().freshness().changed(raw->id);
    auto before = cache.exchange(*raw);
    const std::uint64_t id = raw->id.value;
    Structure structure(*std::move(raw), dispatcher.client());
    if constexpr (requires(Event event) { event.before; }) {
        dispatcher.emit(Event{std::move(structure), dispatcher.structure_of<Structure>(std::move(before))}, payload,
                        id);
    } else {
        dispatcher.emit(Event{std::move(structure)}, payload, id);
    }
}

}  // namespace

void on_server_update(Dispatcher& dispatcher, const Payload& payload) {
    on_change<ServerUpdate, Server, raw::Server>(dispatcher, payload, "server");
}
void on_channel_create(Dispatcher& dispatcher, const Payload& payload) {
    on_change<ChannelCreate, Channel, raw::Channel>(dispatcher, payload, "channel");
}
void on_channel_update(Dispatcher& dispatcher, const Payload& payload) {
    on_change<ChannelUpdate, Channel, raw::Channel>(dispatcher, payload, "channel");
}

void on_server_create(Dispatcher& dispatcher, const Payload& payload) {
    auto* const follower = dispatcher.follower();
    const bool followed = follower != nullptr && follower->wants_servers();
    auto& cache = dispatcher.cache<raw::Server>();
    if (cache.off() && !followed && !dispatcher.wanted<ServerCreate>()) return;
    auto server = dispatcher.decode<raw::Server>(payload, "server");
    if (!server) return;
    const ServerId id = server->id;
    dispatcher.caches_in_use().freshness().changed(id);
    cache.put(*server);
    if (followed) follower->on_server(id);
    dispatcher.emit(ServerCreate{Server(*std::move(server), dispatcher.client())}, payload, id.value);
}

void on_server_delete(Dispatcher& dispatcher, const Payload& payload) {
    if (dispatcher.cache<raw::Server>().off() && !dispatcher.caches_in_use().keeps_parts() &&
        !dispatcher.wanted<ServerDelete>())
        return;
    const auto gone = dispatcher.decode<raw::ServerDelete>(payload);
    if (!gone) return;
    dispatcher.caches_in_use().freshness().gone(gone->server_id);
    auto before = dispatcher.cache<raw::Server>().take(gone->server_id);
    dispatcher.caches_in_use().forget_parts_of(gone->server_id);
    if (auto* const follower = dispatcher.follower()) follower->on_server_gone(gone->server_id);
    dispatcher.emit(ServerDelete{gone->server_id, dispatcher.structure_of<Server>(std::move(before)), false}, payload,
                    gone->server_id.value);
}

void on_channel_delete(Dispatcher& dispatcher, const Payload& payload) {
    const bool cached = !dispatcher.cache<raw::Channel>().off() || !dispatcher.cache<raw::Message>().off() ||
                        !dispatcher.cache<raw::VoiceState>().off();
    if (!cached && !dispatcher.wanted<ChannelDelete>()) return;
    const auto gone = dispatcher.decode<raw::ChannelDelete>(payload);
    if (!gone) return;
    dispatcher.caches_in_use().freshness().changed(gone->channel_id);
    auto before = dispatcher.cache<raw::Channel>().take(gone->channel_id);
    dispatcher.caches_in_use().forget_messages({gone->channel_id});
    dispatcher.cache<raw::VoiceState>().take_if(
        [id = gone->channel_id](const raw::VoiceState& state) { return state.channel_id == id; });
    dispatcher.emit(
        ChannelDelete{gone->channel_id, gone->server_id, dispatcher.structure_of<Channel>(std::move(before))}, payload,
        gone->channel_id.value);
}

}  // namespace intent::client
