// From a message of the broker to an event.
#pragma once

#include "relay/broker/message.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/subjects.hpp"
#include "relay/worker/deliveries.hpp"

#include <intent/worker.hpp>

namespace intent::relay {

struct EventRead {
    Deliveries::Arrival arrival;
    EventHeaders headers = {};
    EventSubject subject = {};
    std::string newer = {};  ///< of an event with a newer schema: what to do about it
};

/// `Arrival::channel` is set in ordered mode.
EventRead read_event(const Names& names, const broker::Message& message, const broker::Metadata& metadata,
                     WorkerMode mode);

}  // namespace intent::relay
