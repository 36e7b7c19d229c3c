// Events of messages (protocol §7).
#include "client/dispatch/event_table.hpp"

#include <intent/raw/gateway.hpp>

namespace intent::client {

namespace {

bool decode(Dispatcher& dispatcher, const Payload& payload, Message& message) {
    return dispatcher.decode_into(static_cast<raw::Message&>(message), payload, "message");
}

void remember_author(Dispatcher& dispatcher, const Message& message) {
    if (!message.webhook_id) dispatcher.cache<raw::User>().put(message.author);
}

}  // namespace

void on_message_create(Dispatcher& dispatcher, const Payload& payload) {
    Slot slot = dispatcher.message_slot(payload);
    if (decode(dispatcher, payload, Dispatcher::message_in(slot).message)) on_message_created(dispatcher, slot);
}

void on_message_created(Dispatcher& dispatcher, Slot& slot) {
    const Message& message = Dispatcher::message_in(slot).message;
    remember_author(dispatcher, message);
    dispatcher.cache<raw::Message>().put(message);
    dispatcher.emit_message(slot);
}

void on_message_update(Dispatcher& dispatcher, const Payload& payload) {
    MessageUpdate event{Message(dispatcher.client()), std::nullopt};
    if (!decode(dispatcher, payload, event.message)) return;
    remember_author(dispatcher, event.message);
    event.before = dispatcher.structure_of<Message>(dispatcher.cache<raw::Message>().exchange(event.message));
    const std::uint64_t key = event.message.channel_id.value;
    dispatcher.emit(std::move(event), payload, key);
}

void on_message_delete(Dispatcher& dispatcher, const Payload& payload) {
    auto& cache = dispatcher.cache<raw::Message>();
    const auto gone = dispatcher.decode<raw::MessageDelete>(payload);
    if (!gone) return;
    dispatcher.emit(MessageDelete{gone->id, gone->channel_id, dispatcher.structure_of<Message>(cache.take(gone->id))},
                    payload, gone->channel_id.value);
}

}  // namespace intent::client
