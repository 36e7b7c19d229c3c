// One event on its way from the I/O thread to the handlers.
#pragma once

#include <intent/events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <variant>

namespace intent::client {

template <class List>
struct VariantOf;
template <class... Events>
struct VariantOf<detail::EventList<Events...>> {
    using type = std::variant<Events...>;
};

/// Any event; its index is the event's place in `detail::AllEvents`.
using AnyEvent = VariantOf<detail::AllEvents>::type;

/// An event that waits for its handlers.
struct Envelope {
    AnyEvent event;
    detail::Origin origin = {};                        ///< what error reports call it
    std::size_t bytes = 0;                             ///< what it counts in the queue's limit
    bool from_wire = false;                            ///< a dispatch: left undone when the client stops
    std::chrono::steady_clock::time_point since = {};  ///< when it was queued
};

}  // namespace intent::client
