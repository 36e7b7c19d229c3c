// How events get into the queue.
#pragma once

#include "client/client_core.hpp"

#include <utility>

namespace intent::detail {

template <class E>
void ClientCore::emit(E event, const Origin& origin, std::size_t bytes, std::uint64_t key, bool from_wire) {
    if (!engine_on_loop_ || !registry_.wanted<E>()) return;
    engine_on_loop_->lanes->push(client::Envelope{std::move(event), Origin{origin.name, origin.seq, ticket_},
                                                  bytes + sizeof(client::Envelope), from_wire},
                                 key);
}

template <class E>
void ClientCore::emit_session_event(const char* name, E event) {
    emit(std::move(event), Origin{name, 0}, 0, 0, false);
}

}  // namespace intent::detail
