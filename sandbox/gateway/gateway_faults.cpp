// The effects of faults on the gateway; those on requests are in host_http.cpp.
#include "sandbox/gateway/gateway.hpp"

namespace intent::inline v0::sandbox {
namespace {

using Kind = FaultKind;

constexpr std::string_view not_binary = R"({"op":0,"t":"MESSAGE_CREATE","d":{}})";

/// Neither the protocol nor a platform of its family uses it.
constexpr auto unknown_opcode = static_cast<codec::Opcode>(99);

/// A map that ends in its second key.
codec::Bytes broken_frame() { return {0x82, 0xa2, 'o', 'p', 0x00, 0xa1}; }

}  // namespace

std::optional<Faults::Hit> Gateway::apply(Time now, FaultPoint::Kind kind, const Session& session,
                                          std::string_view event) {
    if (faults_ == nullptr || faults_->empty() || !session.usable_connection()) return std::nullopt;
    auto hit = faults_->apply(now, {.kind = kind, .event = event, .user = session.user(), .session = session.key()});
    if (hit) note_hit(*hit, *session.connection(), owner(&session));
    return hit;
}

void Gateway::note_hit(const Faults::Hit& hit, ConnectionId id, const Owner& owner) {
    actions_.push_back(FaultApplied{hit.id, hit.fault->kind, id, owner});
    note(LogLevel::info, id, "fault " + std::to_string(hit.id) + " applies: " + std::string(name_of(hit.fault->kind)));
}

void Gateway::dispatch_with_fault(Session& session, const Session::SharedEvent& event, std::uint64_t seq,
                                  const Faults::Hit& hit) {
    if (hit.fault->kind == Kind::lose || !apply_to_connection(session, hit)) return;
    send_dispatch(session, event, seq);
    if (hit.fault->kind == Kind::duplicate) send_dispatch(session, event, seq);
}

/// Applies a fault of the class `connection`. A connection that must end does so in `end_faulted_connections`,
/// after the loop over the sessions. False if nothing may follow on the connection.
bool Gateway::apply_to_connection(Session& session, const Faults::Hit& hit) {
    const ConnectionId id = *session.connection();
    const std::uint8_t resumable = hit.fault->resumable ? 0xc3 : 0xc2;
    switch (hit.fault->kind) {
        case Kind::drop:
        case Kind::close:
            session.stop_sending();
            ending_.emplace_back(id, hit);
            return false;
        case Kind::reconnect:
            send_frame(id, &session, codec::Opcode::reconnect, {});
            return true;
        case Kind::invalid_session:
            send_frame(id, &session, codec::Opcode::invalid_session, {&resumable, 1});
            if (!hit.fault->resumable) end_session(session);
            return hit.fault->resumable;
        case Kind::bad_msgpack:
            actions_.push_back(SendFrame{id, broken_frame(), owner(&session)});
            return true;
        case Kind::text_frame:
            actions_.push_back(SendText{id, std::string(not_binary), owner(&session)});
            return true;
        case Kind::unknown_op:
            send_frame(id, &session, unknown_opcode, {});
            return true;
        case Kind::status:
        case Kind::rate_limit:
        case Kind::delay:
        case Kind::stall:
        case Kind::drop_request:
        case Kind::truncate:
        case Kind::malformed:
        case Kind::missing_headers:
        case Kind::duplicate:
        case Kind::skip_sequence:
        case Kind::lose:
        case Kind::no_ack:
        case Kind::refuse_identify:
            break;  // of another class
    }
    return true;
}

/// The client closes the connection, as after an op 8 that answers a Resume.
void Gateway::end_session(Session& session) {
    session.invalidate();
    session_names_.erase(session.session_id());
}

void Gateway::end_faulted_connections(Time now) {
    for (const auto& [id, hit] : std::exchange(ending_, {})) {
        const auto at = connections_.find(id);
        if (at == connections_.end()) continue;
        if (hit.fault->kind == Kind::drop)
            cut_off(now, at, "a fault applies");
        else
            close(now, at, hit.fault->code, hit.fault->reason);
    }
}

void Gateway::apply_at_ready(Time now, Connections::iterator at) {
    Session& session = *at->second.session;
    if (const auto hit = apply(now, FaultPoint::Kind::ready, session)) apply_to_connection(session, *hit);
    end_faulted_connections(now);
}

bool Gateway::refuse_identify(Time now, Connections::iterator at, UserId user) {
    if (faults_ == nullptr || faults_->empty()) return false;
    const auto hit = faults_->apply(now, {.kind = FaultPoint::Kind::identify, .user = user});
    if (!hit) return false;
    note_hit(*hit, at->first, {.session = 0, .user = user});
    close(now, at, hit->fault->code, "a fault refuses it");
    return true;
}

GatewayActions Gateway::apply_now(Time now, std::uint64_t fault, std::size_t& hits) {
    std::vector<Session*> present;
    std::vector<FaultPoint> points;
    for (auto& [key, session] : sessions_) {
        if (!session.connection()) continue;
        present.push_back(&session);
        points.push_back({.kind = FaultPoint::Kind::ready, .user = session.user(), .session = key});
    }
    const auto view = faults_->find(now, fault);
    const auto indexes = faults_->apply_now(now, fault, points);
    hits = indexes.size();
    for (const auto index : indexes) {
        const Faults::Hit hit{fault, view->fault};
        note_hit(hit, *present[index]->connection(), owner(present[index]));
        apply_to_connection(*present[index], hit);
    }
    end_faulted_connections(now);
    return take();
}

}  // namespace intent::sandbox
