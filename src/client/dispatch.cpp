#include "client/dispatch.hpp"

#include "client/emit.hpp"
#include "codec/convert.hpp"

#include <intent/raw/gateway.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace intent::client {

namespace {

using detail::ClientCore;

/// One dispatch on its way through this file.
struct Incoming {
    ClientCore& core;
    detail::Origin origin;
    codec::ByteView data;

    template <class Event>
    bool wanted() const {
        return core.registry().wanted<Event>();
    }

    /// Decodes `d`, wrapped under `key` or flat; a failure is reported.
    template <class Raw>
    std::optional<Raw> decode(std::string_view key) const {
        return checked(codec::from_msgpack_wrapped<Raw>(data, key));
    }
    template <class Raw>
    std::optional<Raw> decode() const {
        return checked(codec::from_msgpack<Raw>(data));
    }

    template <class Event>
    void emit(Event event, std::uint64_t key) const {
        core.emit(std::move(event), origin, data.size(), key, true);
    }

private:
    template <class Raw>
    std::optional<Raw> checked(codec::Result<Raw> result) const {
        if (result) return *std::move(result);
        core.broken(result.failure(), origin);
        return std::nullopt;
    }
};

template <class Structure, class Raw>
std::optional<Structure> structure_of(ClientCore& core, std::optional<Raw> raw) {
    if (!raw) return std::nullopt;
    return Structure(*std::move(raw), core.ref());
}

/// Messages are decoded for handlers only, not for the user cache alone.
template <class Event>
void on_message(const Incoming& in) {
    if (!in.wanted<Event>()) return;
    auto message = in.decode<raw::Message>("message");
    if (!message) return;
    if (!message->webhook_id) in.core.cache(static_cast<raw::User*>(nullptr)).put(message->author);
    const std::uint64_t key = message->channel_id.value;
    in.emit(Event{Message(*std::move(message), in.core.ref())}, key);
}

void on_message_delete(const Incoming& in) {
    if (!in.wanted<MessageDelete>()) return;
    if (const auto gone = in.decode<raw::MessageDelete>()) {
        in.emit(MessageDelete{gone->id, gone->channel_id}, gone->channel_id.value);
    }
}

template <class Event, class Structure, class Raw>
void on_change(const Incoming& in, std::string_view key) {
    auto& cache = in.core.cache(static_cast<Raw*>(nullptr));
    if (cache.off() && !in.wanted<Event>()) return;
    auto raw = in.decode<Raw>(key);
    if (!raw) return;
    auto before = cache.put(*raw);
    const std::uint64_t id = raw->id.value;
    Structure structure(*std::move(raw), in.core.ref());
    if constexpr (requires(Event event) { event.before; }) {
        in.emit(Event{std::move(structure), structure_of<Structure>(in.core, std::move(before))}, id);
    } else {
        in.emit(Event{std::move(structure)}, id);
    }
}

void forget_channels(ClientCore& core, ServerId server) {
    core.cache(static_cast<raw::Channel*>(nullptr)).take_if([&](const raw::Channel& channel) {
        return channel.server_id == server;
    });
}

void on_server_delete(const Incoming& in) {
    const bool cached = !in.core.cache(static_cast<raw::Server*>(nullptr)).off() ||
                        !in.core.cache(static_cast<raw::Channel*>(nullptr)).off();
    if (!cached && !in.wanted<ServerDelete>()) return;
    const auto gone = in.decode<raw::ServerDelete>();
    if (!gone) return;
    auto before = in.core.cache(static_cast<raw::Server*>(nullptr)).take(gone->server_id);
    forget_channels(in.core, gone->server_id);
    in.emit(ServerDelete{gone->server_id, structure_of<Server>(in.core, std::move(before)), false},
            gone->server_id.value);
}

void on_channel_delete(const Incoming& in) {
    if (in.core.cache(static_cast<raw::Channel*>(nullptr)).off() && !in.wanted<ChannelDelete>()) return;
    const auto gone = in.decode<raw::ChannelDelete>();
    if (!gone) return;
    auto before = in.core.cache(static_cast<raw::Channel*>(nullptr)).take(gone->channel_id);
    in.emit(ChannelDelete{gone->channel_id, gone->server_id, structure_of<Channel>(in.core, std::move(before))},
            gone->channel_id.value);
}

struct Entry {
    const char* name;
    void (*handle)(const Incoming&);
};

constexpr std::array table{
    Entry{"MESSAGE_CREATE", on_message<MessageCreate>},
    Entry{"MESSAGE_UPDATE", on_message<MessageUpdate>},
    Entry{"MESSAGE_DELETE", on_message_delete},
    Entry{"SERVER_CREATE", [](const Incoming& in) { on_change<ServerCreate, Server, raw::Server>(in, "server"); }},
    Entry{"SERVER_UPDATE", [](const Incoming& in) { on_change<ServerUpdate, Server, raw::Server>(in, "server"); }},
    Entry{"SERVER_DELETE", on_server_delete},
    Entry{"CHANNEL_CREATE", [](const Incoming& in) { on_change<ChannelCreate, Channel, raw::Channel>(in, "channel"); }},
    Entry{"CHANNEL_UPDATE", [](const Incoming& in) { on_change<ChannelUpdate, Channel, raw::Channel>(in, "channel"); }},
    Entry{"CHANNEL_DELETE", on_channel_delete},
};

}  // namespace

void dispatch(ClientCore& core, const codec::Frame& frame) {
    const std::string_view name = frame.type.value_or("");
    const std::uint64_t seq = frame.seq.value_or(0);
    if (core.registry().wanted<RawEvent>()) {
        RawEvent raw{std::string(name), seq, {frame.data.begin(), frame.data.end()}};
        core.emit(std::move(raw), detail::Origin{"RawEvent", seq}, frame.data.size(), 0, true);
    }
    const auto* const entry =
        std::ranges::find(table, name, [](const Entry& one) { return std::string_view(one.name); });
    if (entry != table.end()) entry->handle(Incoming{core, detail::Origin{entry->name, seq}, frame.data});
}

void resync(ClientCore& core, const raw::Ready& ready, const detail::Origin& origin) {
    auto& servers = core.cache(static_cast<raw::Server*>(nullptr));
    auto vanished = servers.take_if([&](const raw::Server& cached) {
        return std::ranges::none_of(ready.servers, [&](const raw::Server& now) { return now.id == cached.id; });
    });
    for (const auto& server : ready.servers)
        servers.put(server);
    // Ready tells nothing of channels: what changed of them meanwhile is unknown, so none is remembered.
    core.cache(static_cast<raw::Channel*>(nullptr)).take_if([](const raw::Channel&) { return true; });
    for (auto& server : vanished) {
        const ServerId id = server.id;
        core.emit(ServerDelete{id, Server(std::move(server), core.ref()), true}, origin, 0, id.value, false);
    }
}

}  // namespace intent::client
