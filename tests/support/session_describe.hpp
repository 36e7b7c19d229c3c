// The session machine's actions as short texts, so that a test states each expected action in a line.
#pragma once

#include "codec/convert.hpp"
#include "session/session.hpp"

#include <string>
#include <variant>
#include <vector>

namespace intent::test {

inline std::string name_of(codec::Opcode op) {
    static const std::vector<std::string> names{"dispatch",           "heartbeat", "identify",        "ready",
                                                "voice_state_update", "resume",    "reconnect",       "request_members",
                                                "invalid_session",    "hello",     "presence_update", "heartbeat_ack",
                                                "voice_signal"};
    return names.at(static_cast<std::size_t>(op));
}

inline std::string name_of(session::StopReason reason) {
    static const std::vector<std::string> names{"by_user", "authentication", "configuration", "repeated_bad_frames"};
    return names.at(static_cast<std::size_t>(reason));
}

inline std::string name_of(session::CommandFailure why) {
    static const std::vector<std::string> names{"invalid",    "too_large", "offline", "superseded",
                                                "queue_full", "refused",   "stopped"};
    return names.at(static_cast<std::size_t>(why));
}

inline std::string name_of(session::State state) {
    static const std::vector<std::string> names{
        "idle", "waiting", "connecting", "awaiting_ready", "awaiting_resumed", "replaying", "ready", "stopped"};
    return names.at(static_cast<std::size_t>(state));
}

/// One action as a line. Texts and delays are left out; tests of those check the action itself.
///
///     open | send heartbeat 5 | send identify | send resume s1 42 | send presence_update {…} | close 4000 | abort
///     deliver NAME 5 | voice_signal | ready first | ready | resumed 3 | disconnected 1006 will resume | connect failed
///     reconnecting 1 | lost | gap 5 9 | bad frame | notice | sent 7 | failed 7 offline | stopped by_user
struct Describe {
    std::string operator()(const session::OpenSocket&) const { return "open"; }
    std::string operator()(const session::SendFrame& send) const {
        const auto frame = codec::peek_frame(send.bytes);
        if (!frame) return "send garbage";
        const std::string start = "send " + name_of(send.op);
        if (send.op == codec::Opcode::identify) return start;
        if (send.op == codec::Opcode::resume) {
            const auto resume = codec::from_msgpack<raw::Resume>(frame->data);
            return resume ? start + " " + resume->session_id + " " + std::to_string(resume->seq) : start + " garbage";
        }
        const auto json = codec::msgpack_to_json(frame->data);
        return start + " " + (json ? *json : "garbage");
    }
    std::string operator()(const session::CloseSocket& close) const { return "close " + std::to_string(close.code); }
    std::string operator()(const session::AbortSocket&) const { return "abort"; }
    std::string operator()(const session::Deliver& deliver) const {
        return "deliver " + std::string(deliver.frame.type.value_or("-")) +
               (deliver.frame.seq ? " " + std::to_string(*deliver.frame.seq) : "");
    }
    std::string operator()(const session::VoiceSignal&) const { return "voice_signal"; }
    std::string operator()(const session::SessionReady& ready) const { return ready.first ? "ready first" : "ready"; }
    std::string operator()(const session::SessionResumed& resumed) const {
        return "resumed " + std::to_string(resumed.replayed);
    }
    std::string operator()(const session::Disconnected& end) const {
        return "disconnected " + std::to_string(end.code) + (end.will_resume ? " will resume" : "");
    }
    std::string operator()(const session::ConnectFailed&) const { return "connect failed"; }
    std::string operator()(const session::Reconnecting& retry) const {
        return "reconnecting " + std::to_string(retry.attempt);
    }
    std::string operator()(const session::SessionLost&) const { return "lost"; }
    std::string operator()(const session::SequenceGap& gap) const {
        return "gap " + std::to_string(gap.from) + " " + std::to_string(gap.to);
    }
    std::string operator()(const session::BadFrame&) const { return "bad frame"; }
    std::string operator()(const session::LogLine&) const { return "notice"; }
    std::string operator()(const session::CommandSent& sent) const { return "sent " + std::to_string(sent.id); }
    std::string operator()(const session::CommandFailed& failed) const {
        return "failed " + std::to_string(failed.id) + " " + name_of(failed.why);
    }
    std::string operator()(const session::Stopped& stopped) const { return "stopped " + name_of(stopped.reason); }
};

inline std::string describe(const session::Action& action) { return std::visit(Describe{}, action); }

/// Every text of an action that is shown to a user or logged.
struct Texts {
    std::string operator()(const session::CloseSocket& close) const { return close.reason; }
    std::string operator()(const session::Disconnected& end) const { return end.reason; }
    std::string operator()(const session::ConnectFailed& failed) const { return failed.text; }
    std::string operator()(const session::SessionLost& lost) const { return lost.reason; }
    std::string operator()(const session::BadFrame& bad) const { return bad.text; }
    std::string operator()(const session::LogLine& notice) const { return notice.text; }
    std::string operator()(const session::CommandFailed& failed) const { return failed.text; }
    std::string operator()(const session::Stopped& stopped) const { return stopped.text; }
    template <class Other>
    std::string operator()(const Other&) const {
        return {};
    }
};

inline std::string text_of(const session::Action& action) { return std::visit(Texts{}, action); }

}  // namespace intent::test
