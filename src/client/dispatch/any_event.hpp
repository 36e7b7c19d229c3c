// One event on its way from the I/O thread to the handlers.
#pragma once

#include <intent/events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
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
    Envelope() : event(std::in_place_type<Resumed>) {}
    Envelope(AnyEvent event_, detail::Origin origin_, std::size_t bytes_, bool from_wire_)
        : event(std::move(event_)), origin(std::move(origin_)), bytes(bytes_), from_wire(from_wire_) {}

    /// For an event that is handled: frees what it holds, except the texts of a usual message.
    void finish();

    /// The same, and empties the texts of a message, of which it keeps the memory. This belongs on the thread that
    /// decodes the next message: an allocator is fast with memory that the same thread has freed.
    void clear();

    AnyEvent event;
    detail::Origin origin = {};                        ///< names the event in error reports
    std::size_t bytes = 0;                             ///< its share of the queue's limit
    bool from_wire = false;                            ///< a dispatch, which is dropped when the client stops
    std::chrono::steady_clock::time_point since = {};  ///< when it was queued
};

/// Holds one envelope. It is handed on, and used again, without a move of the event.
using Slot = std::list<Envelope>;

}  // namespace intent::client
