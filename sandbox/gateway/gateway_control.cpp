// Queries and control of the gateway outside of the protocol.
#include "sandbox/gateway/gateway.hpp"

#include <algorithm>
#include <iterator>

namespace intent::inline v0::sandbox {

bool SessionChoice::holds(const Session& session) const {
    const auto among = [](const auto& list, const auto& value) {
        return list && std::find(list->begin(), list->end(), value) != list->end();
    };
    if (!users && !sessions) return true;
    return among(users, session.user()) || among(sessions, session.key());
}

GatewayActions Gateway::dispatch_to(Time now, Event event, const SessionChoice& choice, std::size_t& reached) {
    const auto shared = std::make_shared<const Event>(std::move(event));
    reached = 0;
    for (auto& [key, session] : sessions_) {
        if (session.is_over() || !choice.holds(session)) continue;
        ++reached;
        give(now, session, shared);
    }
    end_faulted_connections(now);
    return take();
}

GatewayActions Gateway::send_to(codec::Opcode op, codec::ByteView data, const SessionChoice& choice,
                                std::size_t& reached) {
    reached = 0;
    for (const auto& [id, connection] : connections_) {
        if (connection.session == nullptr || !connection.session->usable_connection() ||
            !choice.holds(*connection.session))
            continue;
        ++reached;
        send_frame(id, connection.session, op, data);
    }
    return take();
}

GatewayActions Gateway::start_over(Time now, std::uint16_t code, std::string_view reason) {
    GatewayActions actions = close_all(now, code, reason);
    while (!sessions_.empty())
        drop_session(now, sessions_.begin()->second, Ending::left);
    counters_ = {};
    closes_.clear();
    return actions;
}

void Gateway::on_clock_moved(Time::duration step) {
    deadlines_.clear();
    for (auto& [id, connection] : connections_) {
        connection.deadline += step;
        connection.last_heartbeat += step;
        if (connection.times_out) deadlines_.emplace(connection.deadline, id);
    }
}

std::vector<SessionView> Gateway::sessions() const {
    std::vector<SessionView> views;
    for (const auto& [key, session] : sessions_) {
        views.push_back({.key = key,
                         .user = session.user(),
                         .connection = session.connection(),
                         .is_over = session.is_over(),
                         .seq = session.last_seq(),
                         .last_heartbeat = {},
                         .kept_events = session.kept(),
                         .since = session.since()});
        if (session.connection()) views.back().last_heartbeat = connections_.at(*session.connection()).last_heartbeat;
    }
    return views;
}

Owner Gateway::owner(const Session* session) {
    if (session == nullptr) return {};
    return {.session = session->key(), .user = session->user()};
}

Owner Gateway::owner(ConnectionId id) const {
    const auto at = connections_.find(id);
    return at == connections_.end() ? Owner{} : owner(at->second.session);
}

}  // namespace intent::sandbox
