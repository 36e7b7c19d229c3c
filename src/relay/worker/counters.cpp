#include "relay/worker/counters.hpp"

#include "text/exposition.hpp"

namespace intent::relay {

std::string text_of(const WorkerCounters& counters) {
    using Type = text::Exposition::Type;
    text::Exposition out;
    out.family("intent_worker_deliveries_total", Type::counter, "Events that the worker has finished, by how.");
    out.sample({{"outcome", "handled"}}, counters.handled.load());
    out.sample({{"outcome", "failed"}}, counters.failed.load());
    out.sample({{"outcome", "put_back"}}, counters.put_back.load());
    out.sample({{"outcome", "dead_letter"}}, counters.dead_letters.load());
    out.single("intent_worker_redeliveries_total", Type::counter, "Events that had been delivered before.",
               counters.redelivered.load());
    out.single("intent_worker_in_flight", Type::gauge, "Events that the worker holds.", counters.in_flight.load());
    out.single("intent_worker_pending", Type::gauge, "Events that wait at the broker, as of the last delivery.",
               counters.pending.load());
    out.single("intent_worker_partitions", Type::gauge, "Partitions that the worker owns (ordered mode).",
               counters.partitions.load());
    out.single("intent_worker_connected", Type::gauge, "1 if events arrive.", counters.connected.load());
    out.family("intent_worker_requests_total", Type::counter, "Requests to the relay.");
    out.sample({{"result", "answered"}}, counters.answered.load());
    out.sample({{"result", "unanswered"}}, counters.unanswered.load());
    out.single("intent_worker_repeated_requests_total", Type::counter,
               "Requests sent to the relay again, because no answer came.", counters.repeated.load());
    return out.take();
}

}  // namespace intent::relay
