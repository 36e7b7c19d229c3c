// Handles the server's frames, one by one.
#include "session/close_codes.hpp"
#include "session/read_ready.hpp"
#include "session/session.hpp"
#include "text/peer_text.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <utility>

namespace intent::session {
namespace {

constexpr std::string_view ready_event = "READY";
constexpr std::string_view resumed_event = "RESUMED";
constexpr std::size_t max_session_id = 4096;  // it must fit a Resume

// No server reaches this number. Accepting a higher one would make all later events look like duplicates.
constexpr std::uint64_t max_seq = std::numeric_limits<std::uint64_t>::max() / 2;

// A repeated anomaly is reported at its 1st, 2nd, 4th, 8th, … occurrence.
bool worth_a_report(std::uint64_t count) noexcept { return std::has_single_bit(count); }

std::optional<std::string> usable_session_id(std::optional<std::string> id) {
    if (id && (id->empty() || id->size() > max_session_id)) id.reset();
    return id;
}

}  // namespace

void Session::on_binary(Time now, codec::ByteView message, Actions& out) {
    if (codec::Frame event; accept_event(message, event)) {
        out.emplace_back(Deliver{event});
        return;
    }
    if (!is_open()) return;
    const auto peeked = codec::peek_frame(message);
    if (!peeked) {
        on_undecodable(now, "a frame could not be decoded: " + peeked.failure().text(), out);
        return;
    }
    if (!peeked->op) {
        on_undecodable(now, "a frame has no usable opcode: op is missing or not a whole non-negative number", out);
        return;
    }
    codec::Frame frame = *peeked;
    if (frame.seq > max_seq) frame.seq.reset();
    socket_.undecodable_in_row = 0;
    socket_.text_in_row = 0;
    on_frame(now, frame, out);
}

bool Session::takes_events_at_once() const noexcept {
    return state_ == State::ready && seq_ && heartbeat_.running() && queue_.empty() && !settings_.silence_limit &&
           resumes_in_row_ == 0;
}

bool Session::is_next(std::uint64_t seq) const noexcept { return seq == *seq_ + 1 && seq != 0; }

bool Session::accept_event(codec::ByteView message, codec::Frame& event) {
    if (!takes_events_at_once() || !codec::peek_usual_frame(message, event)) return false;
    if (event.op != static_cast<std::uint64_t>(codec::Opcode::dispatch) || !event.seq || !event.type) return false;
    if (!is_next(*event.seq) || *event.type == ready_event) return false;
    take_event(event);
    return true;
}

bool Session::expects_message(codec::ByteView message, codec::Frame& event) const noexcept {
    return takes_events_at_once() && codec::expect_message(message, event) && is_next(*event.seq);
}

void Session::take_event(const codec::Frame& event) noexcept {
    socket_.undecodable_in_row = 0;
    socket_.text_in_row = 0;
    seq_ = event.seq;
    socket_.fallen = false;
    ++counters_.dispatches;
}

void Session::on_text(Time now, codec::ByteView message, Actions& out) {
    if (!is_open()) return;
    if (worth_a_report(++counters_.text_frames)) {
        const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
        out.emplace_back(LogLine{LogLevel::warn, "a text frame from the server was ignored: frames are binary (" +
                                                     std::to_string(counters_.text_frames) +
                                                     " so far); its text: " + text::peer_text(text, secrets_)});
    }
    if (++socket_.text_in_row >= settings_.schedule.text_frames_until_reconnect)
        close_and_back_off(now, "only text frames arrived", out);
}

void Session::on_undecodable(Time now, std::string_view what, Actions& out) {
    ++counters_.undecodable_frames;
    on_bad_frame(text::peer_text(what, secrets_), out);
    if (++socket_.undecodable_in_row < settings_.schedule.undecodable_until_reconnect) return;
    drop_session("the server sent only undecodable frames");
    close_and_back_off(now, "only undecodable frames arrived", out);
}

// `what` contains no peer text.
void Session::on_bad_frame(std::string_view what, Actions& out) {
    const std::uint64_t count = ++socket_.bad_frames;
    if (!worth_a_report(count)) return;
    out.emplace_back(BadFrame{std::string(what) + " (" + std::to_string(count) +
                              (count == 1 ? " bad frame" : " bad frames") + " on this connection)"});
}

void Session::on_frame(Time now, const codec::Frame& frame, Actions& out) {
    using codec::Opcode;
    const std::uint64_t op = frame.op.value_or(std::numeric_limits<std::uint64_t>::max());
    if (op > static_cast<std::uint64_t>(Opcode::voice_signal)) {
        ++counters_.unknown_opcodes;
        return;
    }
    switch (static_cast<Opcode>(op)) {
        case Opcode::dispatch:
            on_dispatch(now, frame, out);
            return;
        case Opcode::heartbeat:
            on_heartbeat_request(now, out);
            return;
        case Opcode::ready: {
            const bool was_beating = beating();
            on_ready(now, frame.data, out);
            if (!was_beating) run_heartbeat(now, out);
            send_commands(now, out);
            return;
        }
        case Opcode::reconnect:
            on_reconnect_request(now, out);
            return;
        case Opcode::invalid_session:
            on_invalid_session(now, frame.data, out);
            return;
        case Opcode::hello:
            on_hello(now, frame.data, out);
            return;
        case Opcode::heartbeat_ack:
            on_heartbeat_ack(now, out);
            return;
        case Opcode::voice_signal:
            out.emplace_back(VoiceSignal{frame.data});
            return;
        case Opcode::identify:
        case Opcode::voice_state_update:
        case Opcode::resume:
        case Opcode::request_members:
        case Opcode::presence_update:
            break;
    }
    ++counters_.unknown_opcodes;  // only clients send these
}

void Session::on_dispatch(Time now, const codec::Frame& frame, Actions& out) {
    const bool was_beating = beating();
    const bool is_ready = frame.type == ready_event;
    if (is_ready)  // before its number is checked: a new session restarts the count
        on_ready(now, frame.data, out);
    else if (state_ == State::awaiting_resumed)
        on_resume_taken(now);
    if (state_ == State::replaying || state_ == State::ready) resumes_in_row_ = 0;
    silence_.on_event(now);
    if (!is_ready && fills_gap_by_resume(now, frame, out)) return;

    const bool accepted = accept_sequence(frame, out);
    if (accepted && !frame.type) {
        ++counters_.nameless_dispatches;
        on_bad_frame("a dispatch has no event name: t is missing or not a string", out);
    }
    if (state_ == State::replaying) {
        if (frame.type == resumed_event) {
            completeness_.on_resumed();
            finish_replay(out);
        } else {
            silence_.on_replayed(now);
        }
    }
    if (accepted && frame.type) {
        ++counters_.dispatches;
        if (state_ == State::replaying) ++socket_.replayed;
        out.emplace_back(Deliver{frame});
    }
    // Only for a heartbeat that began here: a running one is checked by the timer, once everything received is read.
    if (!was_beating) run_heartbeat(now, out);
    if (!queue_.empty()) send_commands(now, out);
}

// Only on a live connection: a number missing from a replay is missing on the server. If a Resume does not fill the
// gap, the session continues behind it; one gap causes at most one Resume.
bool Session::fills_gap_by_resume(Time now, const codec::Frame& frame, Actions& out) {
    if (settings_.at_gap != AtGap::resume || state_ != State::ready || !can_resume()) return false;
    if (!frame.seq || !seq_ || *frame.seq <= *seq_ || *frame.seq - *seq_ == 1) return false;
    ++counters_.gaps;
    out.emplace_back(SequenceGap{*seq_, *frame.seq});
    close_and_back_off(now, "the server skipped sequence numbers", out);
    return true;
}

// Drops duplicates, and reports gaps and falls. A dispatch without a valid number is accepted as it is.
bool Session::accept_sequence(const codec::Frame& frame, Actions& out) {
    if (!frame.seq) return true;
    const std::uint64_t next = *frame.seq;
    if (seq_ && !rose(next, out)) {
        ++counters_.duplicates;
        return false;
    }
    seq_ = next;
    socket_.fallen = false;
    return true;
}

// Whether `next` is above the last number. A replay may repeat delivered events, so a lower number is a fall only on a
// live connection. The same number again is an ordinary duplicate.
bool Session::rose(std::uint64_t next, Actions& out) {
    const bool falls = next < *seq_ && state_ == State::ready && !std::exchange(socket_.fallen, true);
    if (falls || next > *seq_ + 1) {
        ++counters_.gaps;
        out.emplace_back(SequenceGap{*seq_, next});
    }
    return next > *seq_;
}

void Session::on_ready(Time now, codec::ByteView data, Actions& out) {
    const bool in_session = state_ == State::ready || state_ == State::replaying;
    auto id = in_session ? usable_session_id(read_ready(data).ready.session_id) : std::nullopt;
    if (!in_session || !continues_session(id))
        begin_session(now, data, out);
    else if (id)
        session_id_ = std::move(id);
    take_interval(now, data, "Ready", out);
}

// Whether a Ready with this id, while a session is up, is another Ready of that session (op 3 and READY). It may have
// the id or lack it.
bool Session::continues_session(const std::optional<std::string>& id) const noexcept {
    if (id && session_id_) return *id == *session_id_;
    return socket_.ready_seen;
}

void Session::begin_session(Time now, codec::ByteView data, Actions& out) {
    const Time start = completeness_.session_start();
    if (state_ != State::awaiting_ready) drop_session("the server replaced the session with a new one");
    ReadyRead read = read_ready(data);
    if (!read.problem.empty())
        out.emplace_back(
            LogLine{LogLevel::warn, "Ready was read only partly: " + text::peer_text(read.problem, secrets_)});
    auto shared = std::make_shared<const raw::Ready>(std::move(read.ready));
    session_id_ = usable_session_id(shared->session_id);
    if (shared->session_id && !session_id_)
        out.emplace_back(LogLine{LogLevel::warn, "Ready: a session_id of " +
                                                     std::to_string(shared->session_id->size()) +
                                                     " bytes was ignored: the session cannot be resumed"});

    state_ = State::ready;
    session_alive_ = true;
    completeness_.begin_session(start);
    socket_.ready_seen = true;
    socket_.fallen = false;
    silence_.on_up();
    silence_.on_event(now);
    invalid_in_row_ = 0;
    resumes_in_row_ = 0;
    renew_presence();
    ++counters_.sessions;
    out.emplace_back(SessionReady{std::move(shared), data, !std::exchange(had_session_, true)});
    if (const auto loss = std::exchange(loss_, std::nullopt)) {
        ++counters_.losses;
        out.emplace_back(SessionLost{loss->from, now, loss->reason});
    }
}

// At the first event. The answer to a Resume has no interval: without a Hello the session's old one applies.
void Session::on_resume_taken(Time now) {
    state_ = State::replaying;
    had_session_ = true;
    invalid_in_row_ = 0;
    silence_.on_replay_started(now);
    if (socket_.interval_assumed && completeness_.beats() == 0) start_heartbeat(now, *heartbeat_.interval(), now);
    socket_.interval_assumed = false;
}

void Session::finish_replay(Actions& out) {
    state_ = State::ready;
    silence_.on_up();
    ++counters_.resumed;
    out.emplace_back(SessionResumed{socket_.replayed});
}

void Session::on_reconnect_request(Time now, Actions& out) {
    close_and_reconnect(now, "the server requested a reconnect", Duration(0), out);
}

void Session::on_invalid_session(Time now, codec::ByteView data, Actions& out) {
    const Schedule& schedule = settings_.schedule;
    if (state_ == State::awaiting_ready) ++invalid_in_row_;
    if (!codec::peek_bool(data).value_or(false)) drop_session("the server reported the session as invalid");

    constexpr std::string_view reason = "invalid session";
    if (invalid_in_row_ >= schedule.invalid_sessions_until_stop) {
        close_socket(normal_close, reason, out);
        disconnected(normal_close, std::string(reason), true, out);
        stop(StopReason::authentication, 0,
             "the server answered Identify with \"invalid session\" " + std::to_string(invalid_in_row_) +
                 " times in a row: it refuses the token",
             out);
        return;
    }
    const auto spread = static_cast<double>((schedule.invalid_session_max - schedule.invalid_session_min).count());
    const Duration wait = schedule.invalid_session_min + Duration(static_cast<Duration::rep>(spread * random_.unit()));
    close_and_reconnect(now, reason, wait, out);
}

void Session::on_hello(Time now, codec::ByteView data, Actions& out) { take_interval(now, data, "Hello", out); }

// The only place that validates a server's interval (protocol §5). An invalid one never replaces a valid one.
void Session::take_interval(Time now, codec::ByteView data, std::string_view source, Actions& out) {
    const Schedule& schedule = settings_.schedule;
    const bool from_hello = source == "Hello";
    const std::optional<double> offered = codec::peek_heartbeat_interval(data);
    if (!offered && beating() && !from_hello) return;  // a READY after Hello need not repeat it

    Duration interval = schedule.interval_default;
    const bool good = offered && *offered >= static_cast<double>(schedule.interval_min.count()) &&
                      *offered <= static_cast<double>(schedule.interval_max.count());
    if (good)
        interval = Duration(static_cast<Duration::rep>(*offered));
    else
        out.emplace_back(LogLine{
            LogLevel::warn, std::string(source) + ": heartbeat_interval is not a number from 100 ms to 10 min; using " +
                                std::to_string(heartbeat_.interval().value_or(interval).count()) + " ms"});
    if (!heartbeat_.running() || (socket_.interval_assumed && completeness_.beats() == 0)) {
        const auto wait = from_hello ? static_cast<double>(interval.count()) * random_.unit() : 0.0;
        start_heartbeat(now, interval, now + Duration(static_cast<Duration::rep>(wait)));
    } else if (good && interval != heartbeat_.interval()) {
        heartbeat_.change(now, interval);
        limiter_.keep_room(now, interval);
        session_interval_ = interval;
    }
    socket_.interval_assumed = false;
}

void Session::start_heartbeat(Time now, Duration interval, Time first) {
    heartbeat_.start(interval, first);
    limiter_.keep_room(now, interval);
    session_interval_ = interval;
    socket_.interval_assumed = false;
}

void Session::run_heartbeat(Time now, Actions& out) {
    switch (heartbeat_.on_time(now, unread_)) {
        case Heartbeat::Due::nothing:
            return;
        case Heartbeat::Due::beat:
            ++counters_.heartbeats;
            beat(now, out);
            return;
        case Heartbeat::Due::dead:
            break;
    }
    heartbeat_.stop();
    out.emplace_back(AbortSocket{});
    disconnected(1006, "the connection is dead: heartbeats were not acknowledged", false, out);
    reconnect(now, backoff_.next(random_), out);
}

void Session::beat(Time now, Actions& out) {
    completeness_.on_beat(now, state_ != State::ready);
    if (completeness_.beats() == 1) limiter_.on_sent(now);  // the schedule begins with this beat
    out.emplace_back(SendFrame{codec::write_heartbeat(seq_), codec::Opcode::heartbeat, false});
    socket_.last_op = codec::Opcode::heartbeat;
}

void Session::on_heartbeat_ack(Time now, Actions& out) {
    completeness_.on_ack();
    if (!heartbeat_.on_ack(now)) {
        ++counters_.unasked_acks;
        return;
    }
    // A server without Hello acknowledges only heartbeats of a session, so it has accepted the Resume and replays
    // nothing.
    if (state_ == State::awaiting_resumed && socket_.interval_assumed) {
        on_resume_taken(now);
        finish_replay(out);
        send_commands(now, out);
    }
    if (state_ != State::ready && state_ != State::replaying) return;
    backoff_.reset();
    attempt_ = 0;
}

void Session::on_heartbeat_request(Time now, Actions& out) {
    ++counters_.heartbeat_requests;
    if (now - socket_.reply_second >= std::chrono::seconds(1)) {
        socket_.reply_second = now;
        socket_.replies = 0;
    }
    if (socket_.replies >= settings_.schedule.replies_per_second || !limiter_.fits_reply(now)) return;
    ++socket_.replies;
    limiter_.on_sent(now);
    beat(now, out);
}

}  // namespace intent::session
