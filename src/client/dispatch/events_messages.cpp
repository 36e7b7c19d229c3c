// Events of messages (protocol §7).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/gateway.hpp>

namespace intent::client {

namespace {

/// Messages are decoded for handlers and the message cache, but not only for the user cache.
template <class Event>
bool uninteresting(Dispatcher& dispatcher) {
    return dispatcher.cache<raw::Message>().off() && !dispatcher.wanted<Event>();
}

/// Decodes into the final place: a message is large, and a move costs a good part of the decoding.
bool decode(Dispatcher& dispatcher, const Payload& payload, Message& message) {
    if (!dispatcher.decode_into(static_cast<raw::Message&>(message), payload, "message")) return false;
    if (!message.webhook_id) dispatcher.cache<raw::User>().put(message.author);
    return true;
}

}  // namespace

void on_message_create(Dispatcher& dispatcher, const Payload& payload) {
    if (uninteresting<MessageCreate>(dispatcher)) return;
    dispatcher.with_message_event([&](MessageCreate& event) {
        if (!decode(dispatcher, payload, event.message)) return;
        dispatcher.cache<raw::Message>().put(event.message);
        const std::uint64_t key = event.message.channel_id.value;
        dispatcher.emit(std::move(event), payload, key);
    });
}

void on_message_update(Dispatcher& dispatcher, const Payload& payload) {
    if (uninteresting<MessageUpdate>(dispatcher)) return;
    MessageUpdate event{Message(dispatcher.client()), std::nullopt};
    if (!decode(dispatcher, payload, event.message)) return;
    event.before = dispatcher.structure_of<Message>(dispatcher.cache<raw::Message>().exchange(event.message));
    const std::uint64_t key = event.message.channel_id.value;
    dispatcher.emit(std::move(event), payload, key);
}

void on_message_delete(Dispatcher& dispatcher, const Payload& payload) {
    auto& cache = dispatcher.cache<raw::Message>();
    if (cache.off() && !dispatcher.wanted<MessageDelete>()) return;
    const auto gone = dispatcher.decode<raw::MessageDelete>(payload);
    if (!gone) return;
    dispatcher.emit(MessageDelete{gone->id, gone->channel_id, dispatcher.structure_of<Message>(cache.take(gone->id))},
                    payload, gone->channel_id.value);
}

}  // namespace intent::client
