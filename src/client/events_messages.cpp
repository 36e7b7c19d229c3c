// Messages come and go (protocol §7).
#include "client/incoming.hpp"

#include <intent/raw/gateway.hpp>

namespace intent::client {

namespace {

/// Messages are decoded for handlers and the message cache, not for the user cache alone.
template <class Event>
std::optional<raw::Message> decoded(const Incoming& in) {
    if (in.cache<raw::Message>().off() && !in.wanted<Event>()) return std::nullopt;
    auto message = in.decode<raw::Message>("message");
    if (message && !message->webhook_id) in.cache<raw::User>().put(message->author);
    return message;
}

}  // namespace

void on_message_create(const Incoming& in) {
    auto message = decoded<MessageCreate>(in);
    if (!message) return;
    auto& cache = in.cache<raw::Message>();
    if (!cache.off()) cache.put(*message);
    const std::uint64_t key = message->channel_id.value;
    in.emit(MessageCreate{Message(*std::move(message), in.core.ref())}, key);
}

void on_message_update(const Incoming& in) {
    auto message = decoded<MessageUpdate>(in);
    if (!message) return;
    auto& cache = in.cache<raw::Message>();
    std::optional<raw::Message> before;
    if (!cache.off()) before = cache.put(*message);
    const std::uint64_t key = message->channel_id.value;
    in.emit(MessageUpdate{Message(*std::move(message), in.core.ref()), in.structure_of<Message>(std::move(before))},
            key);
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
