// The event names of the wire and their handling, in a single place (protocol §7).
#pragma once

#include "client/dispatch/dispatcher.hpp"
#include "codec/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::client {

struct EventEntry {
    const char* name;
    void (*handle)(Dispatcher& dispatcher,
                   const Payload& payload);  ///< null: events of the session, which are handled as actions

    /// The payload in the format of the specification; null: as received.
    ///
    /// Errors: throws DecodeError.
    std::string (*canonical)(codec::ByteView payload);

    /// True if neither a handler nor a cache needs the event now, so that `handle` need not be called; null: `handle`
    /// knows.
    bool (*ignored)(Dispatcher& dispatcher) = nullptr;
};

/// Null for an event without a typed event.
const EventEntry* find_event(std::string_view name) noexcept;

/// The place of MESSAGE_CREATE in `event_names()`.
inline constexpr std::size_t message_create_index = 0;

/// The entry's place in `event_names()`.
std::size_t index_of(const EventEntry& entry) noexcept;

// events_messages.cpp
void on_message_create(Dispatcher& dispatcher, const Payload& payload);
/// The rest of it, with the decoded event.
void on_message_created(Dispatcher& dispatcher, Slot& slot);
void on_message_update(Dispatcher& dispatcher, const Payload& payload);
void on_message_delete(Dispatcher& dispatcher, const Payload& payload);

// events_servers.cpp
void on_server_create(Dispatcher& dispatcher, const Payload& payload);
void on_server_update(Dispatcher& dispatcher, const Payload& payload);
void on_server_delete(Dispatcher& dispatcher, const Payload& payload);
void on_channel_create(Dispatcher& dispatcher, const Payload& payload);
void on_channel_update(Dispatcher& dispatcher, const Payload& payload);
void on_channel_delete(Dispatcher& dispatcher, const Payload& payload);

// events_members.cpp
void on_member_add(Dispatcher& dispatcher, const Payload& payload);
void on_member_remove(Dispatcher& dispatcher, const Payload& payload);
void on_members_chunk(Dispatcher& dispatcher, const Payload& payload);
void on_typing_start(Dispatcher& dispatcher, const Payload& payload);
void on_presence_update(Dispatcher& dispatcher, const Payload& payload);

// events_voice.cpp
void on_voice_state_update(Dispatcher& dispatcher, const Payload& payload);
void on_voice_server_update(Dispatcher& dispatcher, const Payload& payload);

}  // namespace intent::client
