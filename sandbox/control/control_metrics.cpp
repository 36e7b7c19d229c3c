// The metrics of the sandbox, and for its page those of a bot.
#include "net/process.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"
#include "text/exposition.hpp"

#include <intent/version.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

using text::Exposition;
using Type = Exposition::Type;

constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

void write_gateway(Exposition& out, RunningSandbox& sandbox) {
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
    out.family("intent_sandbox_gateway_sessions", Type::gauge,
               "Sessions: connected, resumable (without a connection), or over (invalidated, still connected).");
    out.sample({{"state", "connected"}}, connected);
    out.sample({{"state", "resumable"}}, resumable);
    out.sample({{"state", "over"}}, over);
    out.single("intent_sandbox_gateway_connections", Type::gauge,
               "Open gateway connections, with or without a session.", gateway.connections());
    out.single("intent_sandbox_gateway_queued_bytes", Type::gauge, "Bytes that clients have not read yet.", queued);
    out.single("intent_sandbox_gateway_opens_total", Type::counter, "Gateway connections opened.", counters.opened);
    out.family("intent_sandbox_gateway_closes_total", Type::counter, "Gateway connections ended, by the side.");
    out.sample({{"by", "client"}}, counters.closed_by_client);
    out.sample({{"by", "sandbox"}}, counters.closed_by_sandbox);
    out.single("intent_sandbox_gateway_identifies_total", Type::counter, "Accepted Identifies.", counters.identifies);
    out.single("intent_sandbox_gateway_resumes_total", Type::counter, "Accepted Resumes.", counters.resumes);
    out.single("intent_sandbox_gateway_heartbeats_total", Type::counter, "Received heartbeats.", counters.heartbeats);
}

void write_frames(Exposition& out, const Traffic& traffic) {
    out.family("intent_sandbox_gateway_frames_total", Type::counter,
               "Gateway frames: in (from clients) and out (to clients).");
    out.sample({{"direction", "in"}}, traffic.frames_in.count);
    out.sample({{"direction", "out"}}, traffic.frames_out.count);
    out.family("intent_sandbox_gateway_frame_bytes_total", Type::counter,
               "Bytes of gateway frames: in (from clients) and out (to clients).");
    out.sample({{"direction", "in"}}, traffic.frames_in.bytes);
    out.sample({{"direction", "out"}}, traffic.frames_out.bytes);
    out.family("intent_sandbox_events_total", Type::counter,
               "Events sent, once for each session; other: names outside of the protocol.");
    for (const auto& [name, count] : traffic.events())
        out.sample({{"event", name}}, count);
}

void write_requests(Exposition& out, const Traffic& traffic) {
    out.family("intent_sandbox_rest_requests_total", Type::counter,
               "Requests of the REST API by route and status; none: not answered.");
    for (const auto& [route, count] : traffic.calls()) {
        const std::string status = route.status ? std::to_string(*route.status) : "none";
        out.sample({{"method", route.method}, {"route", route.path}, {"status", status}}, count);
    }
    out.single("intent_sandbox_http_requests_total", Type::counter,
               "Answered HTTP requests, except for control requests.", traffic.requests);
    out.single("intent_sandbox_rest_rate_limited_total", Type::counter, "REST requests answered with 429.",
               traffic.rate_limited);
    out.single("intent_sandbox_http_refused_total", Type::counter, "Requests refused because of their Host or Origin.",
               traffic.refused);
}

void write_faults(Exposition& out, RunningSandbox& sandbox) {
    const Parts& parts = sandbox.parts();
    out.single("intent_sandbox_faults_active", Type::gauge, "Active faults.",
               parts.faults.list(parts.clock.now()).size());
    out.family("intent_sandbox_faults_injected_total", Type::counter, "How often faults have applied, by kind.");
    for (const auto& kind : fault_kinds)
        if (const auto count = sandbox.traffic().faults(kind.value); count > 0)
            out.sample({{"kind", kind.name}}, count);
}

void write_journal(Exposition& out, const Journal& journal) {
    out.single("intent_sandbox_journal_entries", Type::gauge, "Entries in the journal.", journal.size());
    out.single("intent_sandbox_journal_bytes", Type::gauge, "Memory that the journal's entries use.", journal.bytes());
    out.single("intent_sandbox_journal_recorded_total", Type::counter, "Entries recorded in the journal.",
               journal.last());
    out.single("intent_sandbox_journal_dropped_total", Type::counter,
               "Entries that made room for later ones, because the journal is bounded.", journal.dropped());
}

void write_deliveries(Exposition& out, const DeliveryRunner& deliveries) {
    const auto& counters = deliveries.counters();
    out.family("intent_sandbox_deliveries_total", Type::counter, "Webhook deliveries that ended, by outcome.");
    out.sample({{"outcome", "delivered"}}, counters.delivered);
    out.sample({{"outcome", "dropped"}}, counters.dropped);
    out.family("intent_sandbox_delivery_attempts_total", Type::counter,
               "Attempts to deliver: accepted, rejected (status 400 or above), or unanswered.");
    out.sample({{"outcome", "accepted"}}, counters.accepted);
    out.sample({{"outcome", "rejected"}}, counters.rejected);
    out.sample({{"outcome", "unanswered"}}, counters.unanswered);
    out.single("intent_sandbox_deliveries_pending", Type::gauge, "Webhook deliveries that have not ended.",
               deliveries.pending());
}

void write_store(Exposition& out, Store& store) {
    out.family("intent_sandbox_store_objects", Type::gauge, "Objects in the store, by kind.");
    for (const auto& [what, number] : store.counts())
        out.sample({{"kind", what}}, number);
    out.single("intent_sandbox_store_bytes", Type::gauge, "Size of the database, without its log.", store.bytes());
}

double seconds(std::chrono::duration<double> time) { return time.count(); }

void write_clock(Exposition& out, const Clock& clock) {
    out.single("intent_sandbox_clock_offset_seconds", Type::gauge, "How far the clock was advanced.",
               seconds(clock.offset()));
    out.single("intent_sandbox_clock_seconds", Type::gauge, "Time of the sandbox's clock, in seconds since 1970.",
               seconds(clock.system().time_since_epoch()));
    out.single("intent_sandbox_clock_stands_still", Type::gauge, "1 with a test clock, which moves only on request.",
               std::uint64_t{clock.test_clock() ? 1u : 0u});
}

}  // namespace

ApiReply Control::metrics(const net::ServerRequest& request) {
    if (request.method != "GET") {
        ApiReply reply = error_reply(405, "METHOD_NOT_ALLOWED", "allowed methods: GET");
        reply.headers.emplace_back("Allow", "GET");
        return reply;
    }
    Exposition out;
    out.family("intent_sandbox_build_info", Type::gauge, "Always 1; the label is the version.");
    out.sample({{"version", version()}}, std::uint64_t{1});
    write_gateway(out, sandbox_);
    write_frames(out, sandbox_.traffic());
    write_requests(out, sandbox_.traffic());
    write_faults(out, sandbox_);
    write_journal(out, parts_.journal);
    write_deliveries(out, parts_.deliveries);
    write_store(out, parts_.store);
    write_clock(out, parts_.clock);
    net::write_process(out);
    return {.headers = {{"Content-Type", std::string(content_type)}}, .body = out.take()};
}

void Control::read_bot_metrics(const net::ServerRequest& request, const Respond& respond) {
    const auto address = Query(request.query).text("address");
    if (!address) throw invalid("address", "required: the address of the bot's metrics, such as 127.0.0.1:9464");
    bot_metrics_.read(bot_metrics_url(*address, sandbox_.port()),
                      [respond](ApiReply reply) { send(std::move(reply), respond); });
}

void Control::stop() { bot_metrics_.stop(); }

}  // namespace intent::sandbox
