// The metrics of the sandbox, and for its page those of a bot.
#include "net/process_usage.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/metrics/metrics_text.hpp"

#include <intent/version.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

using Type = MetricsText::Type;

void write_gateway(MetricsText& text, RunningSandbox& sandbox) {
    const Gateway& gateway = sandbox.parts().gateway;
    const auto& counters = gateway.counters();
    std::uint64_t connected = 0;
    std::uint64_t resumable = 0;
    std::uint64_t over = 0;
    std::uint64_t queued = 0;
    for (const auto& session : gateway.sessions()) {
        ++(session.is_over ? over : session.connection ? connected : resumable);
        if (session.connection) queued += sandbox.socket_state(*session.connection).queued_bytes;
    }
    text.family("intent_sandbox_gateway_sessions", Type::gauge,
                "Sessions: connected, resumable (without a connection), or over (invalidated, still connected).");
    text.sample(connected, {{"state", "connected"}});
    text.sample(resumable, {{"state", "resumable"}});
    text.sample(over, {{"state", "over"}});
    text.add("intent_sandbox_gateway_connections", Type::gauge, "Open gateway connections, with or without a session.",
             gateway.connections());
    text.add("intent_sandbox_gateway_queued_bytes", Type::gauge, "Bytes that clients have not read yet.", queued);
    text.add("intent_sandbox_gateway_opens_total", Type::counter, "Gateway connections opened.", counters.opened);
    text.family("intent_sandbox_gateway_closes_total", Type::counter, "Gateway connections ended, by the side.");
    text.sample(counters.closed_by_client, {{"by", "client"}});
    text.sample(counters.closed_by_sandbox, {{"by", "sandbox"}});
    text.add("intent_sandbox_gateway_identifies_total", Type::counter, "Accepted Identifies.", counters.identifies);
    text.add("intent_sandbox_gateway_resumes_total", Type::counter, "Accepted Resumes.", counters.resumes);
    text.add("intent_sandbox_gateway_heartbeats_total", Type::counter, "Received heartbeats.", counters.heartbeats);
}

void write_frames(MetricsText& text, const Traffic& traffic) {
    text.family("intent_sandbox_gateway_frames_total", Type::counter,
                "Gateway frames: in (from clients) and out (to clients).");
    text.sample(traffic.frames_in.count, {{"direction", "in"}});
    text.sample(traffic.frames_out.count, {{"direction", "out"}});
    text.family("intent_sandbox_gateway_frame_bytes_total", Type::counter,
                "Bytes of gateway frames: in (from clients) and out (to clients).");
    text.sample(traffic.frames_in.bytes, {{"direction", "in"}});
    text.sample(traffic.frames_out.bytes, {{"direction", "out"}});
    text.family("intent_sandbox_events_total", Type::counter,
                "Events sent, once for each session; other: names outside of the protocol.");
    for (const auto& [name, count] : traffic.events())
        text.sample(count, {{"type", name}});
}

void write_requests(MetricsText& text, const Traffic& traffic) {
    text.family("intent_sandbox_rest_requests_total", Type::counter,
                "Requests of the REST API by route and status; none: not answered.");
    for (const auto& [route, count] : traffic.calls()) {
        const std::string status = route.status ? std::to_string(*route.status) : "none";
        text.sample(count, {{"method", route.method}, {"route", route.path}, {"status", status}});
    }
    text.add("intent_sandbox_http_requests_total", Type::counter,
             "Answered HTTP requests, except for control requests.", traffic.requests);
    text.add("intent_sandbox_rest_rate_limited_total", Type::counter, "REST requests answered with 429.",
             traffic.rate_limited);
    text.add("intent_sandbox_http_refused_total", Type::counter, "Requests refused because of their Host or Origin.",
             traffic.refused);
}

void write_faults(MetricsText& text, RunningSandbox& sandbox) {
    const Parts& parts = sandbox.parts();
    text.add("intent_sandbox_faults_active", Type::gauge, "Active faults.",
             parts.faults.list(parts.clock.now()).size());
    text.family("intent_sandbox_faults_injected_total", Type::counter, "How often faults have applied, by kind.");
    for (const auto& kind : fault_kinds)
        if (const auto count = sandbox.traffic().faults(kind.value); count > 0)
            text.sample(count, {{"kind", kind.name}});
}

void write_journal(MetricsText& text, const Journal& journal) {
    text.add("intent_sandbox_journal_entries", Type::gauge, "Entries in the journal.", journal.size());
    text.add("intent_sandbox_journal_bytes", Type::gauge, "Memory that the journal's entries use.", journal.bytes());
    text.add("intent_sandbox_journal_recorded_total", Type::counter, "Entries recorded in the journal.",
             journal.last());
    text.add("intent_sandbox_journal_dropped_total", Type::counter,
             "Entries that made room for later ones, because the journal is bounded.", journal.dropped());
}

void write_deliveries(MetricsText& text, const DeliveryRunner& deliveries) {
    const auto& counters = deliveries.counters();
    text.family("intent_sandbox_deliveries_total", Type::counter, "Webhook deliveries that ended, by outcome.");
    text.sample(counters.delivered, {{"outcome", "delivered"}});
    text.sample(counters.dropped, {{"outcome", "dropped"}});
    text.family("intent_sandbox_delivery_attempts_total", Type::counter,
                "Attempts to deliver: accepted, rejected (status 400 or above), or unanswered.");
    text.sample(counters.accepted, {{"outcome", "accepted"}});
    text.sample(counters.rejected, {{"outcome", "rejected"}});
    text.sample(counters.unanswered, {{"outcome", "unanswered"}});
    text.add("intent_sandbox_deliveries_pending", Type::gauge, "Webhook deliveries that have not ended.",
             deliveries.pending());
}

void write_store(MetricsText& text, Store& store) {
    text.family("intent_sandbox_store_objects", Type::gauge, "Objects in the store, by kind.");
    for (const auto& [what, number] : store.counts())
        text.sample(number, {{"kind", what}});
    text.add("intent_sandbox_store_bytes", Type::gauge, "Size of the database, without its log.", store.bytes());
}

double seconds(std::chrono::duration<double> time) { return time.count(); }

void write_clock(MetricsText& text, const Clock& clock) {
    text.add("intent_sandbox_clock_offset_seconds", Type::gauge, "How far the clock was advanced.",
             seconds(clock.offset()));
    text.add("intent_sandbox_clock_seconds", Type::gauge, "Time of the sandbox's clock, in seconds since 1970.",
             seconds(clock.system().time_since_epoch()));
    text.add("intent_sandbox_clock_stands_still", Type::gauge, "1 with a test clock, which moves only on request.",
             std::uint64_t{clock.test_clock() ? 1u : 0u});
}

/// The names are those that Prometheus expects of every process.
void write_process(MetricsText& text) {
    const auto usage = net::process_usage();
    const auto add = [&](std::string_view name, Type type, std::string_view help, const auto& value) {
        if (value) text.add(name, type, help, *value);
    };
    add("process_cpu_seconds_total", Type::counter, "CPU time of the process.", usage.cpu_seconds);
    add("process_resident_memory_bytes", Type::gauge, "Resident memory of the process.", usage.resident_bytes);
    add("process_virtual_memory_bytes", Type::gauge, "Virtual memory of the process.", usage.virtual_bytes);
    add("process_threads", Type::gauge, "Threads of the process.", usage.threads);
    add("process_open_fds", Type::gauge, "Open file descriptors.", usage.open_descriptors);
    add("process_max_fds", Type::gauge, "Limit of open file descriptors.", usage.max_descriptors);
    add("process_start_time_seconds", Type::gauge, "Start of the process, in seconds since 1970.", usage.started_at);
}

}  // namespace

ApiReply Control::metrics(const net::ServerRequest& request) {
    if (request.method != "GET") {
        ApiReply reply = error_reply(405, "METHOD_NOT_ALLOWED", "allowed methods: GET");
        reply.headers.emplace_back("Allow", "GET");
        return reply;
    }
    MetricsText text;
    text.family("intent_sandbox_info", Type::gauge, "1, with the version as a label.");
    text.sample(std::uint64_t{1}, {{"version", version()}});
    write_gateway(text, sandbox_);
    write_frames(text, sandbox_.traffic());
    write_requests(text, sandbox_.traffic());
    write_faults(text, sandbox_);
    write_journal(text, parts_.journal);
    write_deliveries(text, parts_.deliveries);
    write_store(text, parts_.store);
    write_clock(text, parts_.clock);
    write_process(text);
    return {.headers = {{"Content-Type", std::string(MetricsText::content_type)}}, .body = text.text()};
}

void Control::read_bot_metrics(const net::ServerRequest& request, const Respond& respond) {
    const auto address = Query(request.query).text("address");
    if (!address) throw invalid("address", "required: the address of the bot's metrics, such as 127.0.0.1:9464");
    bot_metrics_.read(bot_metrics_url(*address, sandbox_.port()),
                      [respond](ApiReply reply) { send(std::move(reply), respond); });
}

void Control::stop() { bot_metrics_.stop(); }

}  // namespace intent::sandbox
