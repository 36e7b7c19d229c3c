// Messages come and go (protocol §7).
#include "client/incoming.hpp"

#include <intent/raw/gateway.hpp>

namespace intent::client {

namespace {

/// Messages are decoded for handlers and the message cache, not for the user cache alone.
template <class Event>
bool uninteresting(const Incoming& in) {
    return in.cache<raw::Message>().off() && !in.wanted<Event>();
}

/// Decoded where it stays: a message is large, and moving it costs as much as a good part of decoding it.
bool decode(const Incoming& in, Message& message) {
    if (!in.decode_into(static_cast<raw::Message&>(message), "message")) return false;
    if (!message.webhook_id) in.cache<raw::User>().put(message.author);
    return true;
}

}  // namespace

void on_message_create(const Incoming& in) {
    if (uninteresting<MessageCreate>(in)) return;
    MessageCreate event{Message({}, in.core.ref())};
    if (!decode(in, event.message)) return;
    in.cache<raw::Message>().put(event.message);
    const std::uint64_t key = event.message.channel_id.value;
    in.emit(std::move(event), key);
}

void on_message_update(const Incoming& in) {
    if (uninteresting<MessageUpdate>(in)) return;
    MessageUpdate event{Message({}, in.core.ref()), std::nullopt};
    if (!decode(in, event.message)) return;
    event.before = in.structure_of<Message>(in.cache<raw::Message>().exchange(event.message));
    const std::uint64_t key = event.message.channel_id.value;
    in.emit(std::move(event), key);
}

void on_message_delete(const Incoming& in) {
    auto& cache = in.cache<raw::Message>();
    if (cache.off() && !in.wanted<MessageDelete>()) return;
    const auto gone = in.decode<raw::MessageDelete>();
    if (!gone) return;
    in.emit(MessageDelete{gone->id, gone->channel_id, in.structure_of<Message>(cache.take(gone->id))},
            gone->channel_id.value);
}

}  // namespace intent::client
