#include "client/dispatch/event_table.hpp"

#include <intent/errors.hpp>
#include <intent/raw/gateway.hpp>
#include <intent/raw/member_events.hpp>
#include <intent/raw/mls.hpp>
#include <intent/raw/presence.hpp>
#include <intent/raw/voice.hpp>

#include <array>
#include <cstddef>

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

/// Queues an event that nothing caches, in the order of the id in `key`.
template <class Event, class Raw, auto key = nullptr>
void pass_on(Dispatcher& dispatcher, const Payload& payload) {
    if (!dispatcher.wanted<Event>()) return;
    auto raw = dispatcher.decode<Raw>(payload);
    if (!raw) return;
    std::uint64_t lane = 0;
    if constexpr (key != nullptr) lane = ((*raw).*key).value;
    dispatcher.emit(Event{*std::move(raw)}, payload, lane);
}

constexpr std::array table{
    EventEntry{"MESSAGE_CREATE", on_message_create, message},
    EventEntry{"MESSAGE_UPDATE", on_message_update, message},
    EventEntry{"MESSAGE_DELETE", on_message_delete, flat<raw::MessageDelete>},
    EventEntry{"SERVER_CREATE", on_server_create, server},
    EventEntry{"SERVER_UPDATE", on_server_update, server},
    EventEntry{"SERVER_DELETE", on_server_delete, flat<raw::ServerDelete>},
    EventEntry{"CHANNEL_CREATE", on_channel_create, channel},
    EventEntry{"CHANNEL_UPDATE", on_channel_update, channel},
    EventEntry{"CHANNEL_DELETE", on_channel_delete, flat<raw::ChannelDelete>},
    EventEntry{"MEMBER_ADD", on_member_add, flat<raw::MemberAdd>},
    EventEntry{"MEMBER_REMOVE", on_member_remove, flat<raw::MemberRemove>},
    EventEntry{"TYPING_START", on_typing_start, flat<raw::TypingStart>},
    EventEntry{"PRESENCE_UPDATE", on_presence_update, flat<raw::PresenceUpdate>},
    EventEntry{"VOICE_STATE_UPDATE", on_voice_state_update, flat<raw::VoiceState>},
    EventEntry{"VOICE_SERVER_UPDATE", on_voice_server_update, flat<raw::VoiceServerUpdate>},
    EventEntry{"GUILD_MEMBERS_CHUNK", on_members_chunk, flat<raw::MembersChunk>},
    EventEntry{"MEMBERS_CHUNK", on_members_chunk, flat<raw::MembersChunk>},
    EventEntry{"MLS_WELCOME", pass_on<MlsWelcome, raw::MlsWelcome, &raw::MlsWelcome::channel_id>,
               flat<raw::MlsWelcome>},
    EventEntry{"MLS_COMMIT", pass_on<MlsCommit, raw::MlsCommit, &raw::MlsCommit::channel_id>, flat<raw::MlsCommit>},
    EventEntry{"MLS_PROPOSAL", pass_on<MlsProposal, raw::MlsProposal, &raw::MlsProposal::channel_id>,
               flat<raw::MlsProposal>},
    EventEntry{"MLS_KEY_PACKAGES_LOW", pass_on<MlsKeyPackagesLow, raw::MlsKeyPackagesLow>,
               flat<raw::MlsKeyPackagesLow>},
    EventEntry{"DEVICE_ADDED", pass_on<DeviceAdded, raw::DeviceAdded, &raw::DeviceAdded::user_id>,
               flat<raw::DeviceAdded>},
    EventEntry{"DEVICE_REMOVED", pass_on<DeviceRemoved, raw::DeviceRemoved, &raw::DeviceRemoved::user_id>,
               flat<raw::DeviceRemoved>},
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

const EventEntry* find_event(std::string_view name) noexcept {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (names[i] == name) return &table[i];
    return nullptr;
}

std::size_t index_of(const EventEntry& entry) noexcept { return static_cast<std::size_t>(&entry - table.data()); }

}  // namespace intent::client

namespace intent::inline v0 {

std::span<const std::string_view> event_names() noexcept { return client::names; }

}  // namespace intent
