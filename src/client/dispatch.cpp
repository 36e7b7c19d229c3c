#include "client/dispatch.hpp"

#include "client/event_table.hpp"

#include <intent/raw/gateway.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace intent::client {

void dispatch(detail::ClientCore& core, const codec::Frame& frame) {
    const std::string_view name = frame.type.value_or("");
    const std::uint64_t seq = frame.seq.value_or(0);
    if (core.registry().wanted<RawEvent>()) {
        RawEvent raw{std::string(name), seq, {frame.data.begin(), frame.data.end()}};
        core.emit(std::move(raw), detail::Origin{"RawEvent", seq}, frame.data.size(), 0, true);
    }
    const auto* const entry = find_event(name);
    if (entry != nullptr && entry->handle != nullptr)
        entry->handle(Incoming{core, detail::Origin{entry->name, seq}, frame.data});
}

void resync(detail::ClientCore& core, const raw::Ready& ready, const detail::Origin& origin) {
    auto& servers = core.cache_of<raw::Server>();
    auto vanished = servers.take_if([&](const raw::Server& cached) {
        return std::ranges::none_of(ready.servers, [&](const raw::Server& now) { return now.id == cached.id; });
    });
    for (const auto& server : ready.servers)
        servers.put(server);
    core.freshness()->new_session();
    // Ready says nothing of these: what changed of them meanwhile is unknown, so none is kept. Channels are if they are
    // going to be fetched.
    if (auto* const fetch = core.channel_fetch())
        fetch->on_new_session(ready.servers);
    else
        core.cache_of<raw::Channel>().clear();
    core.cache_of<raw::Member>().clear();
    core.cache_of<raw::Role>().clear();
    core.cache_of<raw::Message>().clear();
    core.cache_of<raw::VoiceState>().clear();
    for (auto& server : vanished) {
        const ServerId id = server.id;
        core.emit(ServerDelete{id, Server(std::move(server), core.ref()), true}, origin, 0, id.value, false);
    }
}

}  // namespace intent::client
