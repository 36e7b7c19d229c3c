#include "client/runtime/metrics_text.hpp"

#include "net/process.hpp"
#include "text/exposition.hpp"

#include <intent/connection_state.hpp>
#include <intent/version.hpp>

#include <cstdint>

namespace intent::client {

namespace {

using text::Exposition;
using Type = Exposition::Type;

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

void write_gateway(Exposition& out, const GaugeBoard& board, const Gauges& gauges) {
    out.family("intent_gateway_state", Type::gauge, "1 for the current state of the connection.");
    for (const auto state : {ConnectionState::stopped, ConnectionState::connecting, ConnectionState::identifying,
                             ConnectionState::resuming, ConnectionState::ready, ConnectionState::backing_off})
        out.sample({{"state", to_text(state)}}, std::uint64_t{board.state() == state});
    out.single("intent_gateway_sessions_total", Type::counter, "Sessions begun.", gauges.sessions);
    out.single("intent_gateway_resumes_total", Type::counter, "Sessions continued.", gauges.resumes);
    out.single("intent_gateway_reconnects_total", Type::counter, "Attempts to connect after the first.",
               gauges.reconnects);
    out.single("intent_gateway_gaps_total", Type::counter, "Spans in which events were lost.", gauges.gaps);
    out.single("intent_gateway_sequence_gaps_total", Type::counter, "Jumps of the sequence number.",
               gauges.sequence_gaps);
    out.single("intent_gateway_received_bytes_total", Type::counter, "Payloads of the received messages.",
               board.received_bytes());
    out.single("intent_gateway_bad_frames_total", Type::counter, "Frames dropped because they are invalid.",
               gauges.bad_frames);
    out.single("intent_gateway_duplicates_total", Type::counter, "Events dropped because they had already arrived.",
               gauges.duplicates);
    if (gauges.heartbeat_round_trip)
        out.single("intent_gateway_heartbeat_round_trip_seconds", Type::gauge,
                   "Time from the last acknowledged heartbeat to its ACK.", in_seconds(*gauges.heartbeat_round_trip));
}

void write_queue(Exposition& out, const GaugeBoard& board, const Gauges& gauges, std::size_t limit) {
    out.single("intent_queue_events", Type::gauge, "Events that wait for a handler thread.",
               std::uint64_t{gauges.queued_events});
    out.single("intent_queue_bytes", Type::gauge, "Size of the events that wait or are being handled.",
               std::uint64_t{gauges.queued_bytes});
    out.single("intent_queue_limit_bytes", Type::gauge, "Size at which reading pauses.", std::uint64_t{limit});
    out.single("intent_queue_lag_seconds", Type::gauge, "Age of the oldest event that waits or is being handled.",
               in_seconds(gauges.lag));
    out.single("intent_queue_paused", Type::gauge, "1 while reading is paused because the queue is full.",
               std::uint64_t{gauges.reading_paused});
    out.single("intent_queue_pauses_total", Type::counter, "Times that reading was paused.", board.pauses());
}

void write_caches(Exposition& out, Caches& caches) {
    out.family("intent_cache_entries", Type::gauge, "Cached objects.");
    const auto write = [&](std::string_view name, std::size_t size) {
        out.sample({{"cache", name}}, std::uint64_t{size});
    };
    write("servers", caches.of<raw::Server>().size());
    write("channels", caches.of<raw::Channel>().size());
    write("users", caches.of<raw::User>().size());
    write("members", caches.of<raw::Member>().size());
    write("roles", caches.of<raw::Role>().size());
    write("messages", caches.of<raw::Message>().size());
    write("voice_states", caches.of<raw::VoiceState>().size());
}

}  // namespace

std::string metrics_text(const MetricsSources& sources) {
    Exposition out;
    out.family("intent_build_info", Type::gauge, "Always 1; the label is the version of the library.");
    out.sample({{"version", version()}}, std::uint64_t{1});
    write_gateway(out, sources.board, sources.gauges);
    write_queue(out, sources.board, sources.gauges, sources.queue_limit);
    if (sources.loop_lag)
        out.single("intent_loop_lag_seconds", Type::gauge, "How long the I/O thread took to react.",
                   in_seconds(*sources.loop_lag));
    out.single("intent_jobs", Type::gauge, "Scheduled jobs.", std::uint64_t{sources.jobs});
    if (sources.metrics != nullptr) sources.metrics->write(out);
    write_caches(out, sources.caches);
    net::write_process(out);
    return out.take();
}

}  // namespace intent::client
