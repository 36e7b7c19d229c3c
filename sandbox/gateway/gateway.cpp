#include "sandbox/gateway/gateway.hpp"

#include "codec/convert.hpp"
#include "sandbox/base/packer.hpp"
#include "sandbox/base/shapes.hpp"
#include "text/utf8.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_closes = 10'000;
constexpr std::size_t max_close_reason = 123;  // bytes that a close frame holds

/// Reads Resume. A missing or nil sequence counts as 0: the client has had no event yet.
codec::Result<raw::Resume> read_resume(codec::ByteView data) {
    auto resume = codec::from_msgpack<raw::Resume>(data);
    if (resume || resume.failure().path != "seq") return resume;
    const auto json = codec::msgpack_to_json(data);
    if (!json) return json.failure();
    boost::system::error_code error;
    auto value = boost::json::parse(*json, error);
    if (error || !value.is_object()) return resume;
    auto& seq = value.as_object()["seq"];
    if (!seq.is_null()) return resume;
    seq = 0;
    return codec::from_json<raw::Resume>(boost::json::serialize(value));
}

bool is_command(codec::Opcode op) {
    using codec::Opcode;
    return op == Opcode::voice_state_update || op == Opcode::request_members || op == Opcode::presence_update ||
           op == Opcode::voice_signal;
}

bool means(const codec::Frame& frame, codec::Opcode op) { return frame.op == static_cast<std::uint64_t>(op); }

}  // namespace

Gateway::Gateway(GatewayOptions options, Directory& directory, Faults* faults, CommandHandler* command_handler)
    : options_(options), directory_(directory), command_handler_(command_handler), faults_(faults) {}

GatewayActions Gateway::on_open(Time now, ConnectionId id, std::string_view peer, bool times_out) {
    const auto at = connections_.emplace(id, Connection{.times_out = times_out}).first;
    ++counters_.opened;
    set_deadline(at, now + identify_time);
    note(LogLevel::info, id, "opened from " + std::string(peer));
    if (options_.hello) {
        const auto interval = static_cast<std::uint64_t>(options_.heartbeat_interval.count());
        const auto data = MapPacker{}.add_number("heartbeat_interval", interval).finish();
        send_frame(id, nullptr, codec::Opcode::hello, data);
    }
    return take();
}

GatewayActions Gateway::on_message(Time now, ConnectionId id, codec::ByteView message, bool binary) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) return {};
    auto& frames = at->second.frames;
    while (!frames.empty() && now - frames.front() >= frame_window)
        frames.pop_front();
    frames.push_back(now);
    if (frames.size() > frames_per_window) {
        close(now, at, 4008, "more than 120 frames in 60 s");
    } else if (!binary) {
        close(now, at, 4002, "text frame: send binary MessagePack");
    } else if (message.size() > max_frame_bytes) {
        close(now, at, 4009, "frame of more than 64 KiB");
    } else if (const auto frame = codec::peek_frame(message); !frame) {
        close(now, at, 4002, frame.failure().text());
    } else {
        handle(now, at, *frame);
    }
    return take();
}

void Gateway::handle(Time now, Connections::iterator at, const codec::Frame& frame) {
    using codec::Opcode;
    const bool identified = at->second.session != nullptr;
    if (means(frame, Opcode::heartbeat) && (identified || options_.hello)) return handle_heartbeat(now, at);
    if (!identified) {
        if (means(frame, Opcode::identify)) return handle_identify(now, at, frame.data);
        if (means(frame, Opcode::resume)) return handle_resume(now, at, frame.data);
        const std::string got = frame.op ? "opcode " + std::to_string(*frame.op) : "a frame without opcode";
        return close(now, at, 4003, got + " came before Identify");
    }
    // 4005 is not in Intent's specification, but similar platforms use it. A correct client never causes it.
    if (means(frame, Opcode::identify) || means(frame, Opcode::resume))
        return close(now, at, 4005, "already identified");
    if (!frame.op) return close(now, at, 4002, "op: expected a whole number");
    const auto op = static_cast<codec::Opcode>(std::min<std::uint64_t>(*frame.op, 255));
    const Session& session = *at->second.session;
    if (command_handler_ != nullptr && is_command(op))
        return react(now, command_handler_->on_command(now, {session.key(), session.user()}, op, frame.data));
    note(LogLevel::debug, at->first, "ignored opcode " + std::to_string(*frame.op));
}

void Gateway::handle_heartbeat(Time now, Connections::iterator at) {
    ++counters_.heartbeats;
    if (at->second.session != nullptr) set_deadline(at, heartbeat_deadline(now));
    at->second.last_heartbeat = now;
    if (at->second.session != nullptr && apply(now, FaultPoint::Kind::heartbeat, *at->second.session)) return;
    send_frame(at->first, at->second.session, codec::Opcode::heartbeat_ack, {});
}

void Gateway::handle_identify(Time now, Connections::iterator at, codec::ByteView data) {
    const auto identify = codec::from_msgpack<raw::Identify>(data);
    if (!identify) return close(now, at, 4002, "Identify: " + identify.failure().text());
    const auto user = directory_.authenticate(identify->token);
    if (!user) return refuse_token(now, at);
    if (refuse_identify(now, at, *user)) return;
    const std::uint64_t key = next_session_++;
    std::string name = directory_.new_session_id();
    Session& session = sessions_.try_emplace(key, key, name, *user, now).first->second;
    session_names_.emplace(std::move(name), key);
    by_user_.emplace(*user, &session);
    ++counters_.identifies;
    attach(now, at, session);
    send_ready(now, at);
    announce_ready(now, at, false);
}

void Gateway::send_ready(Time now, Connections::iterator at) {
    Session& session = *at->second.session;
    const raw::User user = directory_.user(session.user());
    std::vector<codec::Bytes> servers;
    for (const auto& server : directory_.servers(session.user()))
        servers.push_back(msgpack_of(server));
    MapPacker ready;
    ready.add("user", msgpack_of(user)).add_list("servers", servers);
    ready.add_number("heartbeat_interval", static_cast<std::uint64_t>(options_.heartbeat_interval.count()));
    if (options_.resume) ready.add_text("session_id", session.session_id());
    if (options_.hello)
        send_event(now, session, {.name = "READY", .data = ready.finish()}, Numbering::taken);
    else
        send_frame(at->first, &session, codec::Opcode::ready, ready.finish());
    note(LogLevel::info, at->first, "identified as " + user.username);
}

void Gateway::handle_resume(Time now, Connections::iterator at, codec::ByteView data) {
    if (!options_.resume) return close(now, at, 4003, "opcode 5 came before Identify");
    const auto resume = read_resume(data);
    if (!resume) return close(now, at, 4002, "Resume: " + resume.failure().text());
    const auto user = directory_.authenticate(resume->token);
    if (!user) return refuse_token(now, at);
    if (refuse_identify(now, at, *user)) return;
    const auto name = session_names_.find(resume->session_id);
    if (name == session_names_.end()) return send_invalid_session(now, at, "resume refused: no such session");
    Session& session = sessions_.at(name->second);
    if (session.user() != *user) return send_invalid_session(now, at, "resume refused: another user's session");
    if (resume->seq > session.last_seq()) return close(now, at, 4007, "seq is beyond the last event of the session");
    if (!session.can_replay(resume->seq)) return send_invalid_session(now, at, "resume refused: events too old");

    if (session.connection())
        cut_off(now, connections_.find(*session.connection()), "its session was resumed elsewhere");
    ++counters_.resumes;
    attach(now, at, session);
    const auto missed = session.events_after(resume->seq);
    for (const auto& kept : missed)
        send_dispatch(session, kept.event, kept.seq);
    if (options_.hello) send_event(now, session, {.name = "RESUMED", .data = {0xc0}}, Numbering::none);
    note(LogLevel::info, at->first,
         "resumed after event " + std::to_string(resume->seq) + ", " + std::to_string(missed.size()) + " replayed");
    announce_ready(now, at, true);
}

void Gateway::announce_ready(Time now, Connections::iterator at, bool resumed) {
    const ConnectionId id = at->first;
    // Must follow the frames that begin the session: a test that waits for it may cut the connection at once.
    actions_.push_back(Attached{id, owner(at->second.session), resumed});
    const Caller caller{at->second.session->key(), at->second.session->user()};
    apply_at_ready(now, at);
    if (command_handler_ != nullptr && connections_.contains(id))
        react(now, command_handler_->on_attached(now, caller));
}

void Gateway::refuse_token(Time now, Connections::iterator at) {
    if (options_.refusal == Refusal::close_4004) return close(now, at, 4004, "token refused");
    send_invalid_session(now, at, "token refused");
}

/// The client may identify on the same connection, or close it.
void Gateway::send_invalid_session(Time now, Connections::iterator at, std::string_view why) {
    constexpr std::uint8_t not_resumable = 0xc2;
    send_frame(at->first, nullptr, codec::Opcode::invalid_session, {&not_resumable, 1});
    set_deadline(at, now + identify_time);
    note(LogLevel::info, at->first, why);
}

void Gateway::send_event(Time now, Session& session, Event event, Numbering numbering) {
    number_and_send(now, session, std::make_shared<const Event>(std::move(event)), numbering);
}

void Gateway::number_and_send(Time now, Session& session, const Session::SharedEvent& event, Numbering numbering) {
    const bool own = numbering != Numbering::kept;
    const auto hit = apply(now, own ? FaultPoint::Kind::own_event : FaultPoint::Kind::event, session, event->name);
    if (hit && hit->fault->kind == FaultKind::skip_sequence) session.skip(hit->fault->by);
    std::uint64_t seq = 0;
    if (numbering == Numbering::kept) seq = session.keep(now, event);
    if (numbering == Numbering::taken) seq = session.skip();
    if (hit)
        dispatch_with_fault(session, event, seq, *hit);
    else if (session.usable_connection())
        send_dispatch(session, event, seq);
}

void Gateway::send_dispatch(const Session& session, const Session::SharedEvent& event, std::uint64_t seq) {
    actions_.push_back(SendFrame{
        *session.connection(), codec::write_frame(codec::Opcode::dispatch, event->data, event->name, wire_number(seq)),
        owner(&session), event, seq});
}

void Gateway::send_frame(ConnectionId id, const Session* session, codec::Opcode op, codec::ByteView data) {
    actions_.push_back(SendFrame{id, codec::write_frame(op, data), owner(session)});
}

void Gateway::attach(Time now, Connections::iterator at, Session& session) {
    expiries_.erase({session.expires(), session.key()});
    session.attach(at->first);
    at->second.session = &session;
    at->second.last_heartbeat = now;
    set_deadline(at, heartbeat_deadline(now));
}

Time Gateway::heartbeat_deadline(Time now) const {
    using namespace std::chrono_literals;
    const auto grace = std::clamp<std::chrono::milliseconds>(options_.heartbeat_interval / 2, 500ms, 5s);
    return now + 2 * options_.heartbeat_interval + grace;
}

void Gateway::set_deadline(Connections::iterator at, Time deadline) {
    deadlines_.erase({at->second.deadline, at->first});
    at->second.deadline = deadline;
    if (at->second.times_out) deadlines_.emplace(deadline, at->first);
}

void Gateway::broadcast(Time now, Event event) {
    const auto shared = std::make_shared<const Event>(std::move(event));
    if (!shared->audience) {
        for (auto& [key, session] : sessions_)
            give(now, session, shared);
        return;
    }
    for (const UserId user : *shared->audience) {
        const auto [first, last] = by_user_.equal_range(user);
        for (auto at = first; at != last; ++at)
            give(now, *at->second, shared);
    }
}

void Gateway::give(Time now, Session& session, const Session::SharedEvent& event) {
    if (!session.is_over()) number_and_send(now, session, event, Numbering::kept);
}

GatewayActions Gateway::dispatch(Time now, Event event) {
    broadcast(now, std::move(event));
    end_faulted_connections(now);
    return take();
}

GatewayActions Gateway::on_reactions(Time now, Reactions reactions) {
    react(now, std::move(reactions));
    return take();
}

void Gateway::react(Time now, Reactions reactions) {
    for (auto& reaction : reactions) {
        if (auto* announce = std::get_if<Announce>(&reaction)) {
            broadcast(now, std::move(announce->event));
        } else if (auto* notify = std::get_if<NotifySession>(&reaction)) {
            if (const auto session = sessions_.find(notify->session); session != sessions_.end())
                give(now, session->second, std::make_shared<const Event>(std::move(notify->event)));
        } else if (auto* signal = std::get_if<SignalSession>(&reaction)) {
            const auto session = sessions_.find(signal->session);
            if (session != sessions_.end() && session->second.usable_connection() && !session->second.is_over())
                send_frame(*session->second.usable_connection(), &session->second, signal->op, signal->data);
        } else if (auto* refuse = std::get_if<RefuseSession>(&reaction)) {
            const auto session = sessions_.find(refuse->session);
            if (session == sessions_.end() || !session->second.usable_connection()) continue;
            const auto at = connections_.find(*session->second.usable_connection());
            if (!refuse->failure.empty()) note(LogLevel::error, at->first, "failed: " + refuse->failure);
            close(now, at, refuse->code, std::move(refuse->reason));
        }
    }
    end_faulted_connections(now);
}

GatewayActions Gateway::on_too_large(Time now, ConnectionId id) {
    const auto at = connections_.find(id);
    if (at != connections_.end()) close(now, at, 4009, "frame of more than 64 KiB");
    return take();
}

GatewayActions Gateway::on_closed(Time now, ConnectionId id, int code) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) return {};
    note(LogLevel::info, id, "closed by the client, code " + std::to_string(code));
    end(now, at, code, false, code != 1000 && code != 1001);
    return take();
}

GatewayActions Gateway::on_time(Time now) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        const auto at = connections_.find(deadlines_.begin()->second);
        if (at->second.session == nullptr)
            close(now, at, 4003, "no Identify within 20 s");
        else
            cut_off(now, at, "no heartbeat for two intervals");
    }
    while (!expiries_.empty() && expiries_.begin()->first <= now)
        drop_session(now, sessions_.at(expiries_.begin()->second), Ending::lost);
    if (command_handler_ != nullptr) react(now, command_handler_->on_time(now));
    return take();
}

std::optional<Time> Gateway::next_wake() const {
    std::optional<Time> wake;
    if (command_handler_ != nullptr) wake = command_handler_->next_wake();
    const auto earlier = [&](Time other) { return !wake || other < *wake; };
    if (!deadlines_.empty() && earlier(deadlines_.begin()->first)) wake = deadlines_.begin()->first;
    if (!expiries_.empty() && earlier(expiries_.begin()->first)) wake = expiries_.begin()->first;
    return wake;
}

GatewayActions Gateway::close_all(Time now, std::uint16_t code, std::string_view reason) {
    while (!connections_.empty())
        close(now, connections_.begin(), code, std::string(reason));
    return take();
}

GatewayActions Gateway::cut_all(Time now) {
    while (!connections_.empty())
        cut_off(now, connections_.begin(), "requested");
    return take();
}

GatewayActions Gateway::cut(Time now, ConnectionId id, std::string_view why) {
    const auto at = connections_.find(id);
    if (at != connections_.end()) cut_off(now, at, why);
    return take();
}

void Gateway::close(Time now, Connections::iterator at, std::uint16_t code, std::string reason) {
    reason.resize(text::utf8_prefix(reason, max_close_reason).size());
    note(LogLevel::info, at->first, "closed with " + std::to_string(code) + ": " + reason);
    actions_.push_back(CloseSocket{at->first, code, std::move(reason), owner(at->second.session)});
    end(now, at, code, true, true);
}

void Gateway::cut_off(Time now, Connections::iterator at, std::string_view why) {
    note(LogLevel::info, at->first, "cut: " + std::string(why));
    actions_.emplace_back(CutSocket{at->first, owner(at->second.session)});
    end(now, at, 1006, true, true);
}

void Gateway::end(Time now, Connections::iterator at, int code, bool by_sandbox, bool resumable) {
    if (closes_.size() == max_closes) closes_.pop_front();
    closes_.push_back({.code = code, .by_sandbox = by_sandbox});
    ++(by_sandbox ? counters_.closed_by_sandbox : counters_.closed_by_client);
    Session* session = at->second.session;
    deadlines_.erase({at->second.deadline, at->first});
    connections_.erase(at);
    if (session == nullptr) return;
    session->detach(now);
    const bool is_over = session->is_over() || !resumable || !options_.resume;
    if (!is_over) expiries_.emplace(session->expires(), session->key());
    if (command_handler_ != nullptr) react(now, command_handler_->on_detached(now, {session->key(), session->user()}));
    if (is_over) drop_session(now, *session, resumable ? Ending::lost : Ending::left);
}

void Gateway::drop_session(Time now, Session& session, Ending how) {
    expiries_.erase({session.expires(), session.key()});
    session_names_.erase(session.session_id());
    const auto [first, last] = by_user_.equal_range(session.user());
    by_user_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == &session; }));
    const Caller caller{session.key(), session.user()};
    sessions_.erase(caller.session);
    if (command_handler_ != nullptr) react(now, command_handler_->on_ended(now, caller, how));
}

GatewayActions Gateway::forget_detached(Time now) {
    while (!expiries_.empty())
        drop_session(now, sessions_.at(expiries_.begin()->second), Ending::lost);
    return take();
}

std::size_t Gateway::attached_sessions() const noexcept { return sessions_.size() - expiries_.size(); }

void Gateway::note(LogLevel level, ConnectionId id, std::string_view text) {
    actions_.push_back(Note{level, "connection " + std::to_string(id) + " " + std::string(text)});
}

}  // namespace intent::sandbox
