// Faults that strike the gateway.
#include "sandbox/gateway.hpp"

namespace intent::sandbox {
namespace {

using Kind = SandboxFaultKind;

constexpr std::string_view not_binary = R"({"op":0,"t":"MESSAGE_CREATE","d":{}})";

/// A map that ends in its second key.
codec::Bytes broken_frame() { return {0x82, 0xa2, 'o', 'p', 0x00, 0xa1}; }

}  // namespace

std::optional<Faults::Strike> Gateway::strike(Time now, Chance::Kind kind, const Session& session,
                                              std::string_view event) {
    if (faults_ == nullptr || faults_->empty() || !session.line()) return std::nullopt;
    auto strike = faults_->strike(now, {.kind = kind, .event = event, .user = session.user, .session = session.key});
    if (strike) note_strike(*strike, *session.connection, whose(&session));
    return strike;
}

void Gateway::note_strike(const Faults::Strike& strike, ConnectionId id, const Whose& whose) {
    actions_.push_back(FaultStruck{strike.id, strike.fault->kind, id, whose});
    note(LogLevel::info, id,
         "struck by fault " + std::to_string(strike.id) + ": " + std::string(name_of(strike.fault->kind)));
}

void Gateway::give_struck(Time now, Session& session, const Session::SharedEvent& event, const Faults::Strike& strike) {
    if (strike.fault->kind == Kind::skip_sequence) session.skip(strike.fault->by);
    const std::uint64_t seq = session.keep(now, event);
    if (strike.fault->kind == Kind::lose) return;
    if (strikes_now(strike.fault->kind) && !afflict(session, strike)) return;
    send_dispatch(session, event, seq);
    if (strike.fault->kind == Kind::duplicate) send_dispatch(session, event, seq);
}

/// Does what can be done at once; a connection that is to end does so in `end_doomed`, when nobody walks over the
/// sessions any more. False if nothing may follow.
bool Gateway::afflict(Session& session, const Faults::Strike& strike) {
    const ConnectionId id = *session.connection;
    const std::uint8_t resumable = strike.fault->resumable ? 0xc3 : 0xc2;
    switch (strike.fault->kind) {
        case Kind::drop:
        case Kind::close:
            session.is_ending = true;
            doomed_.emplace_back(id, strike);
            return false;
        case Kind::reconnect:
            send_frame(id, &session, codec::Opcode::reconnect, {});
            return true;
        case Kind::invalid_session:
            send_frame(id, &session, codec::Opcode::invalid_session, {&resumable, 1});
            if (!strike.fault->resumable) end_session(session);
            return strike.fault->resumable;
        case Kind::bad_msgpack:
            actions_.push_back(SendFrame{id, broken_frame(), whose(&session)});
            return true;
        case Kind::text_frame:
            actions_.push_back(SendText{id, std::string(not_binary), whose(&session)});
            return true;
        default:
            return true;
    }
}

/// The connection is the client's to close, as it is with an op 8 that answers a Resume.
void Gateway::end_session(Session& session) {
    session.is_over = true;
    session_names_.erase(session.session_id);
}

void Gateway::end_doomed(Time now) {
    for (const auto& [id, strike] : std::exchange(doomed_, {})) {
        const auto at = connections_.find(id);
        if (at == connections_.end()) continue;
        if (strike.fault->kind == Kind::drop)
            cut_off(now, at, "a fault strikes");
        else
            close(now, at, strike.fault->code, strike.fault->reason);
    }
}

void Gateway::strike_ready(Time now, Connections::iterator at) {
    Session& session = *at->second.session;
    if (const auto struck = strike(now, Chance::Kind::ready, session)) afflict(session, *struck);
    end_doomed(now);
}

bool Gateway::refuse_identify(Time now, Connections::iterator at, UserId user) {
    if (faults_ == nullptr || faults_->empty()) return false;
    const auto strike = faults_->strike(now, {.kind = Chance::Kind::identify, .user = user});
    if (!strike) return false;
    note_strike(*strike, at->first, {.session = 0, .user = user});
    close(now, at, strike->fault->code, "a fault refuses it");
    return true;
}

GatewayActions Gateway::strike_now(Time now, std::uint64_t fault, std::size_t& hits) {
    std::vector<Session*> present;
    std::vector<Chance> chances;
    for (auto& [key, session] : sessions_) {
        if (!session.connection) continue;
        present.push_back(&session);
        chances.push_back({.kind = Chance::Kind::ready, .user = session.user, .session = key});
    }
    const auto view = faults_->find(now, fault);
    const auto struck = faults_->strike_now(now, fault, chances);
    hits = struck.size();
    for (const auto index : struck) {
        const Faults::Strike strike{fault, view->fault};
        note_strike(strike, *present[index]->connection, whose(present[index]));
        afflict(*present[index], strike);
    }
    end_doomed(now);
    return take();
}

}  // namespace intent::sandbox
