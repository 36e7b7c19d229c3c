// How often, and on which way, an event has come to its handler.
#pragma once

#include <intent/detail/export.hpp>

namespace intent::inline v0 {

/// Where an event comes from.
enum class DeliverySource {
    live,      ///< the gateway sent it as it happened
    replay,    ///< the gateway sent it again after a lost connection (protocol §5)
    backfill,  ///< a relay fetched it by REST, because the gateway could not send it again
};

/// The delivery of an event to its handlers. A Client delivers each event once. A Worker (worker.hpp) delivers an event
/// again if a handler has failed, or if a worker has ended before its handlers had.
struct Delivery {
    unsigned attempt = 1;                          ///< 1 for the first
    DeliverySource source = DeliverySource::live;  ///< where the event comes from
    /// Compares all members.
    friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// The delivery of the event that the calling handler or coroutine handles; the default value outside of handlers. A
/// coroutine keeps it across every `co_await` of a task, and tasks that it starts inherit it. The same as
/// `event.delivery()`.
INTENT_API Delivery current_delivery() noexcept;

}  // namespace intent
