#include "relay/relay/relay_metrics.hpp"

#include "text/exposition.hpp"

#include <cstdint>

namespace intent::relay {

using text::Exposition;
using Type = Exposition::Type;

std::string relay_metrics(const RelayStatus& status, const Counters& counters) {
    Exposition out;
    out.single("intent_relay_leads", Type::gauge, "1 while this relay holds the gateway connection.",
               std::uint64_t{status.leads});
    out.single("intent_relay_term", Type::gauge, "Number of the lead; increases with each change of the leader.",
               status.term);
    out.single("intent_relay_leads_total", Type::counter, "Times that this relay began to lead.",
               counters.leads.load());
    out.single("intent_relay_broker_connected", Type::gauge, "1 while the broker is connected.",
               std::uint64_t{status.broker_connected});
    out.family("intent_relay_events_total", Type::counter, "Events given to the broker, by where they came from.");
    out.sample({{"source", "live"}}, counters.live.load());
    out.sample({{"source", "replay"}}, counters.replayed.load());
    out.sample({{"source", "backfill"}}, counters.backfilled.load());
    out.family("intent_relay_published_total", Type::counter, "What became of events given to the broker.");
    out.sample({{"outcome", "stored"}}, status.published);
    out.sample({{"outcome", "duplicate"}}, status.duplicates);
    out.sample({{"outcome", "refused"}}, status.refused);
    out.single("intent_relay_resent_total", Type::counter, "Events sent to the broker again.", status.resent);
    out.single("intent_relay_waiting_events", Type::gauge, "Events that the broker has not acknowledged.",
               std::uint64_t{status.waiting});
    out.single("intent_relay_waiting_bytes", Type::gauge, "Size of these events.", std::uint64_t{status.waiting_bytes});
    out.single("intent_relay_gaps_total", Type::counter, "Spans in which events were lost.", status.gaps);
    out.single("intent_relay_backfilling", Type::gauge, "1 while messages of a gap are fetched.",
               std::uint64_t{status.backfilling});
    out.single("intent_relay_requests", Type::gauge, "REST requests of workers under way.",
               std::uint64_t{status.requests});
    out.single("intent_relay_requests_total", Type::counter, "REST requests of workers.", counters.requests.load());
    out.family("intent_relay_answers_total", Type::counter, "Answers to REST requests of workers.");
    out.sample({{"outcome", "answered"}}, status.requests_answered);
    out.sample({{"outcome", "repeated"}}, status.requests_repeated);
    out.sample({{"outcome", "refused"}}, status.requests_refused);
    out.sample({{"outcome", "failed"}}, status.requests_failed);
    out.sample({{"outcome", "unknown"}}, status.unknown_outcomes);
    out.family("intent_relay_commands_total", Type::counter, "Gateway commands of workers.");
    out.sample({{"outcome", "sent"}}, status.commands);
    out.sample({{"outcome", "refused"}}, counters.commands_refused.load());
    return out.take();
}

std::vector<std::string> unready_reasons(const RelayStatus& status) {
    std::vector<std::string> reasons;
    if (!status.broker_connected) reasons.emplace_back("broker: not connected");
    if (status.leads && !status.broker_problem.empty()) reasons.emplace_back("broker: the stream does not take events");
    return reasons;
}

}  // namespace intent::relay
