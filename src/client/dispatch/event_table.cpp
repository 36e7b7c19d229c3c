#include "client/dispatch/event_table.hpp"

#include <intent/errors.hpp>
#include <intent/raw/gateway.hpp>
#include <intent/raw/member_events.hpp>
#include <intent/raw/mls.hpp>
#include <intent/raw/presence.hpp>
#include <intent/raw/voice.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace intent::client {
namespace {

template <class Raw>
std::string json_of(codec::Result<Raw> result) {
    if (!result) throw DecodeError(result.failure().text());
    return codec::to_json(*result);
}

template <class Raw>
std::string flat(codec::ByteView payload) {
    return json_of(codec::from_msgpack<Raw>(payload));
}

template <class Raw>
std::string wrapped(codec::ByteView payload, std::string_view key) {
    return "{\"" + std::string(key) + "\":" + json_of(codec::from_msgpack_wrapped<Raw>(payload, key)) + "}";
}

std::string message(codec::ByteView payload) { return wrapped<raw::Message>(payload, "message"); }
std::string server(codec::ByteView payload) { return wrapped<raw::Server>(payload, "server"); }
std::string channel(codec::ByteView payload) { return wrapped<raw::Channel>(payload, "channel"); }

/// Nothing caches the event.
template <class Event>
bool unwanted(Dispatcher& dispatcher) {
    return !dispatcher.wanted<Event>();
}

/// Messages are decoded for handlers and the message cache, but not only for the user cache.
template <class Event>
bool no_message_wanted(Dispatcher& dispatcher) {
    return dispatcher.cache<raw::Message>().off() && !dispatcher.wanted<Event>();
}

/// Queues an event that nothing caches, in the order of the id in `key`.
template <class Event, class Raw, auto key = nullptr>
void pass_on(Dispatcher& dispatcher, const Payload& payload) {
    auto raw = dispatcher.decode<Raw>(payload);
    if (!raw) return;
    std::uint64_t lane = 0;
    if constexpr (key != nullptr) lane = ((*raw).*key).value;
    dispatcher.emit(Event{*std::move(raw)}, payload, lane);
}

constexpr std::array table{
    EventEntry{"MESSAGE_CREATE", on_message_create, message, no_message_wanted<MessageCreate>},
    EventEntry{"MESSAGE_UPDATE", on_message_update, message, no_message_wanted<MessageUpdate>},
    EventEntry{"MESSAGE_DELETE", on_message_delete, flat<raw::MessageDelete>, no_message_wanted<MessageDelete>},
    EventEntry{"SERVER_CREATE", on_server_create, server},
    EventEntry{"SERVER_UPDATE", on_server_update, server},
    EventEntry{"SERVER_DELETE", on_server_delete, flat<raw::ServerDelete>},
    EventEntry{"CHANNEL_CREATE", on_channel_create, channel},
    EventEntry{"CHANNEL_UPDATE", on_channel_update, channel},
    EventEntry{"CHANNEL_DELETE", on_channel_delete, flat<raw::ChannelDelete>},
    EventEntry{"MEMBER_ADD", on_member_add, flat<raw::MemberAdd>},
    EventEntry{"MEMBER_REMOVE", on_member_remove, flat<raw::MemberRemove>},
    EventEntry{"TYPING_START", on_typing_start, flat<raw::TypingStart>, unwanted<TypingStart>},
    EventEntry{"PRESENCE_UPDATE", on_presence_update, flat<raw::PresenceUpdate>, unwanted<PresenceUpdate>},
    EventEntry{"VOICE_STATE_UPDATE", on_voice_state_update, flat<raw::VoiceState>},
    EventEntry{"VOICE_SERVER_UPDATE", on_voice_server_update, flat<raw::VoiceServerUpdate>},
    EventEntry{"GUILD_MEMBERS_CHUNK", on_members_chunk, flat<raw::MembersChunk>},
    EventEntry{"MEMBERS_CHUNK", on_members_chunk, flat<raw::MembersChunk>},
    EventEntry{"MLS_WELCOME", pass_on<MlsWelcome, raw::MlsWelcome, &raw::MlsWelcome::channel_id>, flat<raw::MlsWelcome>,
               unwanted<MlsWelcome>},
    EventEntry{"MLS_COMMIT", pass_on<MlsCommit, raw::MlsCommit, &raw::MlsCommit::channel_id>, flat<raw::MlsCommit>,
               unwanted<MlsCommit>},
    EventEntry{"MLS_PROPOSAL", pass_on<MlsProposal, raw::MlsProposal, &raw::MlsProposal::channel_id>,
               flat<raw::MlsProposal>, unwanted<MlsProposal>},
    EventEntry{"MLS_KEY_PACKAGES_LOW", pass_on<MlsKeyPackagesLow, raw::MlsKeyPackagesLow>, flat<raw::MlsKeyPackagesLow>,
               unwanted<MlsKeyPackagesLow>},
    EventEntry{"DEVICE_ADDED", pass_on<DeviceAdded, raw::DeviceAdded, &raw::DeviceAdded::user_id>,
               flat<raw::DeviceAdded>, unwanted<DeviceAdded>},
    EventEntry{"DEVICE_REMOVED", pass_on<DeviceRemoved, raw::DeviceRemoved, &raw::DeviceRemoved::user_id>,
               flat<raw::DeviceRemoved>, unwanted<DeviceRemoved>},
    EventEntry{"READY", nullptr, nullptr},
    EventEntry{"RESUMED", nullptr, nullptr},
};

constexpr auto names = [] {
    std::array<std::string_view, table.size()> list{};
    for (std::size_t i = 0; i < table.size(); ++i)
        list[i] = table[i].name;
    return list;
}();

}  // namespace

namespace {

/// Unrolled, so that the size of each name is a constant: its comparison is a few instructions.
template <std::size_t... I>
const EventEntry* find_in_table(std::string_view name, std::index_sequence<I...>) noexcept {
    const auto is = [&](auto index) {
        constexpr std::string_view known = names[index];
        return name.size() == known.size() && std::memcmp(name.data(), known.data(), known.size()) == 0;
    };
    const EventEntry* found = nullptr;
    static_cast<void>(((is(std::integral_constant<std::size_t, I>{}) && (found = &table[I], true)) || ...));
    return found;
}

}  // namespace

const EventEntry* find_event(std::string_view name) noexcept {
    return find_in_table(name, std::make_index_sequence<table.size()>{});
}

static_assert(names[message_create_index] == "MESSAGE_CREATE");

std::size_t index_of(const EventEntry& entry) noexcept { return static_cast<std::size_t>(&entry - table.data()); }

}  // namespace intent::client

namespace intent::inline v0 {

std::span<const std::string_view> event_names() noexcept { return client::names; }

}  // namespace intent
