// How events get into the queue.
#pragma once

#include "client/client_core.hpp"
#include "client/place.hpp"

#include <type_traits>
#include <utility>

namespace intent::detail {

template <class E>
void ClientCore::emit(E&& event, const Origin& origin, std::size_t bytes, std::uint64_t key, bool from_wire) {
    static_assert(!std::is_reference_v<E>, "events are moved into the queue");
    if (!engine_on_loop_ || !registry_.wanted<E>()) return;
    auto& lanes = *engine_on_loop_->lanes;
    bytes += sizeof(client::Envelope);
    const Origin named{origin.name, origin.seq, ticket_, key, bytes};
    if (!lanes.threaded()) {
        const client::OwnThread mark(lanes.home());
        return handle(AllEvents::index_of<E>(), &event, named);
    }
    lanes.push_new(key, std::in_place_type<E>, std::move(event), named, bytes, from_wire);
}

template <class E>
void ClientCore::emit_session_event(const char* name, E&& event) {
    emit(std::forward<E>(event), Origin{name, 0}, 0, 0, false);
}

}  // namespace intent::detail
