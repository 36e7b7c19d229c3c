#include "session/session.hpp"

#include "session/close_codes.hpp"
#include "text/peer_text.hpp"

#include <algorithm>
#include <utility>

namespace intent::session {

Session::Session(Settings settings)
    : settings_(std::move(settings)),
      random_(settings_.random_seed),
      backoff_(settings_.schedule),
      pacing_(settings_.schedule, std::move(settings_.openings)),
      limiter_(settings_.schedule),
      heartbeat_(settings_.schedule),
      silence_(settings_.schedule, settings_.silence_limit),
      queue_(settings_.schedule.command_queue_limit),
      secrets_(std::move(settings_.secrets)) {
    if (settings_.saved) restore(*settings_.saved);
}

void Session::restore(SavedSession saved) {
    session_alive_ = true;
    if (saved.session_id.empty()) {
        drop_session("the server gave the earlier process no session id, so its session could not be resumed");
        return;
    }
    session_id_ = std::move(saved.session_id);
    seq_ = saved.seq;
}

void Session::on_start(Time now, Actions& out) {
    if (state_ != State::idle) return;
    open_at_ = pacing_.earliest(now, next_opening());
    if (open_at_ <= now) return open_socket(out);
    state_ = State::waiting;
    out.emplace_back(LogLine{LogLevel::info, "connecting in " +
                                                 std::to_string(std::chrono::ceil<Duration>(open_at_ - now).count()) +
                                                 " ms: the minimum spacing of Identify and Resume"});
}

void Session::on_stop(Time, Actions& out) {
    if (state_ == State::stopped) return;
    if (is_open()) {
        const bool keep = settings_.at_stop == AtStop::keep_session && can_resume();
        const std::uint16_t code = keep ? resumable_close : normal_close;
        close_socket(code, "", out);
        if (!keep) drop_session("stopped");
        disconnected(code, "stopped by the user", true, out);
    } else if (state_ == State::connecting) {
        out.emplace_back(AbortSocket{});
    }
    stop(StopReason::by_user, 0, "stopped by the user", out);
}

void Session::on_open(Time now, std::string_view token, Actions& out) {
    if (state_ != State::connecting) return;
    secrets_.set_token(token);
    socket_ = Socket{};
    completeness_.on_open(now);
    if (token.empty()) {
        out.emplace_back(AbortSocket{});
        stop(StopReason::authentication, 0, "no token was given: set one before connecting", out);
        return;
    }

    const Opening opening = next_opening();
    codec::Bytes frame;
    if (opening == Opening::resume) {
        frame = codec::write_resume({.token = std::string(token), .session_id = *session_id_, .seq = seq_.value_or(0)});
        socket_.last_op = codec::Opcode::resume;
        state_ = State::awaiting_resumed;
        ++counters_.resumes;
        ++resumes_in_row_;
    } else {
        frame = codec::write_identify(
            {.token = std::string(token), .intents = settings_.intents, .properties = settings_.properties});
        state_ = State::awaiting_ready;
        ++counters_.identifies;
    }
    if (frame.size() > settings_.schedule.frame_limit) {
        out.emplace_back(AbortSocket{});
        stop(StopReason::configuration, 0,
             "Identify or Resume would have " + std::to_string(frame.size()) + " bytes, the limit is " +
                 std::to_string(settings_.schedule.frame_limit) + ": the token or the properties are too long",
             out);
        return;
    }
    out.emplace_back(SendFrame{std::move(frame), socket_.last_op, true});
    pacing_.on_sent(now, opening);
    limiter_.on_sent(now);
    silence_.start(now);
    if (opening == Opening::resume) expect_silence(now);
    if (opening == Opening::identify && pacing_.spent() >= settings_.schedule.identify_budget_warning)
        out.emplace_back(LogLine{LogLevel::warn, "identified " + std::to_string(pacing_.spent()) +
                                                     " times within 24 h: sessions end too often; from " +
                                                     std::to_string(settings_.schedule.identify_budget_limit) +
                                                     " on Identify is delayed"});
}

// Without a Hello and with nothing to replay, a server that accepts the Resume sends nothing. Our heartbeats must run
// meanwhile, and their ACK shows that it has accepted.
void Session::expect_silence(Time now) {
    const Duration interval = session_interval_.value_or(settings_.schedule.interval_default);
    start_heartbeat(now, interval, now + std::min(interval, settings_.schedule.replay_quiet));
    socket_.interval_assumed = true;
}

void Session::on_connect_failed(Time now, std::string_view text, std::optional<Duration> retry_after, Actions& out) {
    if (state_ != State::connecting) return;
    out.emplace_back(ConnectFailed{text::peer_text(text, secrets_)});
    const Duration floor = std::clamp(retry_after.value_or(Duration(0)), Duration(0), Duration(std::chrono::hours(1)));
    reconnect(now, std::max(backoff_.next(random_), floor), out);
}

void Session::on_closed(Time now, int code, std::string_view reason, Actions& out) {
    if (state_ == State::connecting) {
        on_connect_failed(now, reason.empty() ? "closed while connecting" : reason, std::nullopt, out);
        return;
    }
    if (!is_open()) return;

    const CloseRule& rule = close_rule(code);
    const std::string peer_reason = text::peer_text(reason, secrets_);
    std::string text = peer_reason.empty() ? std::string(rule.meaning) : peer_reason;
    Duration floor{0};
    switch (rule.then) {
        case OnClose::resume:
            break;
        case OnClose::identify:
            drop_session(rule.meaning);
            break;
        case OnClose::pause:
            out.emplace_back(LogLine{LogLevel::warn, "close 4008: " + std::string(rule.meaning)});
            limiter_.use_up(now);
            floor = settings_.schedule.rate_limited_pause;
            break;
        case OnClose::report_frame:
            on_refused_frame(now, code, rule.meaning, out);
            break;
        case OnClose::report_voice:
            on_refused_voice(code, rule.meaning, out);
            break;
        case OnClose::stop_authentication:
        case OnClose::stop_configuration: {
            drop_session(rule.meaning);
            disconnected(code, text, true, out);
            const bool authentication = rule.then == OnClose::stop_authentication;
            stop(authentication ? StopReason::authentication : StopReason::configuration, code,
                 std::string(rule.meaning) + " (close " + std::to_string(code) + ")" +
                     (peer_reason.empty() ? "" : ": " + peer_reason),
                 out);
            return;
        }
    }
    if (refused_frames_.size() >= settings_.schedule.refused_frames_until_stop) {
        disconnected(code, std::move(text), true, out);
        stop(StopReason::repeated_bad_frames, code,
             "the server refused " + std::to_string(refused_frames_.size()) +
                 " of our frames within a short time (close 4002 or 4009)",
             out);
        return;
    }
    disconnected(code, std::move(text), false, out);
    reconnect(now, std::max(backoff_.next(random_), floor), out);
}

void Session::on_suspended(Time now, Actions& out) {
    if (!is_open()) return;
    heartbeat_.on_suspended(now);
    run_heartbeat(now, out);
}

void Session::on_time(Time now, Actions& out) {
    if (state_ == State::waiting && now >= open_at_) {
        open_socket(out);
        return;
    }
    if (is_open()) check_deadlines(now, out);
    if (is_open()) run_heartbeat(now, out);
    if (state_ == State::ready) send_commands(now, out);
}

std::optional<Time> Session::next_wake() const {
    if (state_ == State::waiting) return open_at_;
    if (!is_open()) return std::nullopt;
    std::optional<Time> wake = heartbeat_.next_wake();
    const auto also = [&wake](std::optional<Time> at) {
        if (at && (!wake || *at < *wake)) wake = at;
    };
    also(silence_.next_wake());
    if (state_ == State::ready && !queue_.empty()) also(limiter_.next_free());
    return wake;
}

bool Session::is_open() const noexcept {
    return state_ == State::awaiting_ready || state_ == State::awaiting_resumed || state_ == State::replaying ||
           state_ == State::ready;
}

bool Session::beating() const noexcept { return heartbeat_.running() && !socket_.interval_assumed; }

bool Session::can_resume() const noexcept { return session_id_.has_value(); }

Opening Session::next_opening() const noexcept { return can_resume() ? Opening::resume : Opening::identify; }

void Session::drop_session(std::string_view reason) {
    if (session_alive_) loss_ = Loss{completeness_.until(), std::string(reason)};
    session_alive_ = false;
    session_id_.reset();
    seq_.reset();
    completeness_.drop_session();
    session_interval_.reset();
}

void Session::close_socket(std::uint16_t code, std::string_view reason, Actions& out) {
    out.emplace_back(CloseSocket{code, std::string(reason)});
}

// Runs at every end of an open socket: drops the socket's state and decides whether the session can continue.
void Session::disconnected(int code, std::string reason, bool stopping, Actions& out) {
    heartbeat_.stop();
    silence_.stop();
    socket_ = Socket{};
    if (!session_id_) drop_session("the server sent no session id, so its session could not be resumed");
    if (resumes_in_row_ >= settings_.schedule.resumes_without_event) {
        drop_session("Resume brought no event, " + std::to_string(resumes_in_row_) + " times in a row");
        resumes_in_row_ = 0;
    }
    state_ = State::idle;
    out.emplace_back(Disconnected{code, std::move(reason), !stopping && can_resume()});
    if (!stopping) fail_queued(codec::Opcode::request_members, CommandFailure::offline, "the connection ended", out);
}

void Session::reconnect(Time now, Duration delay, Actions& out) {
    open_at_ = std::max({now + delay, pacing_.earliest(now, next_opening()), limiter_.next_opening()});
    state_ = State::waiting;
    ++counters_.reconnects;
    out.emplace_back(Reconnecting{++attempt_, std::chrono::ceil<Duration>(open_at_ - now)});
    if (open_at_ <= now) open_socket(out);
}

void Session::close_and_reconnect(Time now, std::string_view reason, Duration delay, Actions& out) {
    close_socket(resumable_close, reason, out);
    disconnected(resumable_close, std::string(reason), false, out);
    reconnect(now, delay, out);
}

void Session::close_and_back_off(Time now, std::string_view reason, Actions& out) {
    close_and_reconnect(now, reason, backoff_.next(random_), out);
}

void Session::open_socket(Actions& out) {
    state_ = State::connecting;
    out.emplace_back(OpenSocket{});
}

void Session::on_refused_frame(Time now, int code, std::string_view meaning, Actions& out) {
    const std::string text = "close " + std::to_string(code) + ": " + std::string(meaning) +
                             "; the last one sent was op " + std::to_string(static_cast<int>(socket_.last_op));
    out.emplace_back(LogLine{LogLevel::error, text});
    if (socket_.last_command_is_presence) presence_.reset();
    if (socket_.last_command.value_or(0) != 0)
        out.emplace_back(CommandFailed{*socket_.last_command, CommandFailure::refused, text, code});
    std::erase_if(refused_frames_,
                  [&](Time earlier) { return now - earlier > settings_.schedule.refused_frames_window; });
    refused_frames_.push_back(now);
}

void Session::on_refused_voice(int code, std::string_view meaning, Actions& out) {
    const std::string text = "voice: " + std::string(meaning);
    out.emplace_back(LogLine{LogLevel::warn, text});
    out.emplace_back(CommandFailed{socket_.last_voice.value_or(0), CommandFailure::refused, text, code});
}

void Session::stop(StopReason reason, int code, std::string text, Actions& out) {
    fail_all_queued(CommandFailure::stopped, "the session stopped before this was sent", out);
    heartbeat_.stop();
    state_ = State::stopped;
    out.emplace_back(Stopped{reason, code, std::move(text)});
}

void Session::check_deadlines(Time now, Actions& out) {
    for (;;) {
        switch (silence_.on_time(now, unread_, heartbeat_.acknowledged(now))) {
            case SilenceWatch::Due::nothing:
                return;
            case SilenceWatch::Due::no_answer:
                return close_and_back_off(
                    now, state_ == State::awaiting_ready ? "no Ready arrived in time" : "no event arrived after Resume",
                    out);
            case SilenceWatch::Due::no_events:
                return close_and_back_off(now, "heartbeats are acknowledged, but no event arrived for too long", out);
            case SilenceWatch::Due::replay_over:
                finish_replay(out);
                break;
        }
    }
}

}  // namespace intent::session
