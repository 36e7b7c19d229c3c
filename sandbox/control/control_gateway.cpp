// Control requests about the gateway: list sessions, send them events and frames.
#include "codec/convert.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t max_event_name = 100;

codec::Bytes required_data(const Fields& fields, const char* when_missing) {
    auto text = fields.json("data");
    if (!text && when_missing != nullptr) text = when_missing;
    if (!text) throw invalid("data", "required: what the event carries as `d`");
    auto data = codec::json_to_msgpack(*text);
    if (!data) throw invalid("data", data.failure().text());
    return std::move(*data);
}

ApiReply reached_reply(std::size_t sessions) {
    return {.status = 200, .body = "{\"sessions\":" + std::to_string(sessions) + "}"};
}

}  // namespace

SessionChoice Control::choice(const Fields& fields) {
    SessionChoice choice;
    if (const auto users = fields.texts("users")) {
        choice.users.emplace();
        for (const auto& user : *users)
            choice.users->push_back(account(user).user.id);
    }
    choice.sessions = fields.numbers("sessions");
    const auto known = parts_.gateway.sessions();
    for (const auto key : choice.sessions.value_or(std::vector<std::uint64_t>{}))
        if (std::none_of(known.begin(), known.end(), [&](const auto& session) { return session.key == key; }))
            throw not_found("session " + std::to_string(key));
    return choice;
}

ApiReply Control::send_event(const Request& request) {
    const Fields fields(request.http.body);
    Event event{.name = fields.required_text("event"), .data = required_data(fields, nullptr)};
    if (event.name.empty() || event.name.size() > max_event_name) throw invalid("event", "1 to 100 bytes allowed");
    const SessionChoice chosen = choice(fields);
    fields.finish();
    std::size_t reached = 0;
    sandbox_.perform(parts_.gateway.dispatch_to(parts_.clock.now(), std::move(event), chosen, reached));
    return reached_reply(reached);
}

ApiReply Control::send_frame(const Request& request) {
    const Fields fields(request.http.body);
    const auto op = fields.required_integer("op", 0, 255);
    if (op == 0) throw invalid("op", "0 is an event: POST /events numbers it");
    const codec::Bytes data = required_data(fields, "null");
    const SessionChoice chosen = choice(fields);
    fields.finish();
    std::size_t reached = 0;
    sandbox_.perform(parts_.gateway.send_to(static_cast<codec::Opcode>(op), data, chosen, reached));
    return reached_reply(reached);
}

json::array Control::sessions_json() {
    using std::chrono::milliseconds;
    const ClockReading now = parts_.clock.read();
    json::array list;
    for (const auto& session : parts_.gateway.sessions()) {
        const auto account = parts_.store.account(session.user);
        const auto since = now.system - std::chrono::floor<std::chrono::microseconds>(now.steady - session.since);
        json::object entry{{"id", session.key},
                           {"user", account ? json::value(account->user.username) : json::value()},
                           {"connected", session.connection.has_value()},
                           {"connection", nullptr},
                           {"seq", session.seq},
                           {"heartbeat_age_ms", nullptr},
                           {"round_trip_ms", nullptr},
                           {"queued_bytes", 0},
                           {"kept_events", session.kept_events},
                           {"since", format_timestamp(since)}};
        if (session.connection) {
            entry["connection"] = *session.connection;
            entry["heartbeat_age_ms"] = std::chrono::floor<milliseconds>(now.steady - *session.last_heartbeat).count();
            const auto socket = sandbox_.socket_state(*session.connection);
            if (socket.round_trip)
                entry["round_trip_ms"] = std::chrono::duration<double, std::milli>(*socket.round_trip).count();
            entry["queued_bytes"] = socket.queued_bytes;
        }
        list.push_back(std::move(entry));
    }
    return list;
}

ApiReply Control::list_sessions(const Request&) { return json_reply({{"sessions", sessions_json()}}); }

}  // namespace intent::sandbox
