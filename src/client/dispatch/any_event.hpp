// One event on its way from the I/O thread to the handlers.
#pragma once

#include <intent/events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

namespace intent::client {

template <class List>
struct VariantOf;
template <class... Events>
struct VariantOf<detail::EventList<Events...>> {
    using type = std::variant<Events...>;
};

/// Any event; its index is the one in `detail::AllEvents`.
using AnyEvent = VariantOf<detail::AllEvents>::type;

/// An event that waits for its handlers.
struct Envelope {
    Envelope(AnyEvent event_, detail::Origin origin_, std::size_t bytes_, bool from_wire_)
        : event(std::move(event_)), origin(std::move(origin_)), bytes(bytes_), from_wire(from_wire_) {}
    /// Constructs the event in its final place, with one move.
    template <class E>
    Envelope(std::in_place_type_t<E> type, E&& event_, detail::Origin origin_, std::size_t bytes_, bool from_wire_)
        : event(type, std::move(event_)), origin(std::move(origin_)), bytes(bytes_), from_wire(from_wire_) {}

    AnyEvent event;
    detail::Origin origin;                             ///< names the event in error reports
    std::size_t bytes;                                 ///< its share of the queue's limit
    bool from_wire;                                    ///< a dispatch, which is dropped when the client stops
    std::chrono::steady_clock::time_point since = {};  ///< when it was queued
};

}  // namespace intent::client
