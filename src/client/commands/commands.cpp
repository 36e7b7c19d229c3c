#include "client/commands/commands.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent::client {

namespace {

std::exception_ptr cancelled() {
    return std::make_exception_ptr(CancelledError("gateway command: the client was stopped"));
}

const char* name_of(codec::Opcode op) {
    switch (op) {
        case codec::Opcode::presence_update:
            return "presence update";
        case codec::Opcode::voice_state_update:
            return "voice state";
        case codec::Opcode::request_members:
            return "member request";
        default:
            return "voice signal";
    }
}

bool is_voice_code(int code) noexcept { return code == 4011 || code == 4014 || code == 4015; }

}  // namespace

std::exception_ptr error_of(const session::CommandFailed& failed, std::string_view what) {
    const std::string text = std::string(what) + ": " + failed.text;
    switch (failed.why) {
        case session::CommandFailure::invalid:
        case session::CommandFailure::too_large:
            return std::make_exception_ptr(ConfigError(text));
        case session::CommandFailure::offline:
        case session::CommandFailure::queue_full:
            return std::make_exception_ptr(NetworkError(text));
        case session::CommandFailure::refused:
            if (is_voice_code(failed.close_code)) return std::make_exception_ptr(VoiceError(text, failed.close_code));
            return std::make_exception_ptr(GatewayError(text, failed.close_code));
        case session::CommandFailure::superseded:
            return std::make_exception_ptr(ReplacedError(text));
        case session::CommandFailure::stopped:
            break;
    }
    return std::make_exception_ptr(CancelledError(text));
}

Commands::Commands(Port port) : port_(std::move(port)), offers_(*this), voice_(*this, offers_), members_(*this) {}

session::CommandId Commands::send(codec::Opcode op, codec::Bytes data, Ended ended) {
    const session::CommandId id = ++last_id_;
    if (over_) {
        const session::CommandFailed failed{id, session::CommandFailure::stopped, "the session has stopped", 0};
        ended(&failed);
        return id;
    }
    pending_.emplace(id, Pending{op, std::move(ended)});
    port_.send(id, op, std::move(data));
    return id;
}

void Commands::after(std::chrono::milliseconds delay, std::function<void()> work) {
    port_.after(delay, std::move(work));
}

namespace {

/// For commands that end when they are sent. A command that a later one replaced has ended too: the later one has all
/// of its state.
Sender::Ended when_sent(codec::Opcode op, Reply<Done> reply) {
    return [op, reply = std::move(reply)](const session::CommandFailed* failed) {
        if (failed == nullptr || failed->why == session::CommandFailure::superseded) return reply(Done{});
        reply(error_of(*failed, name_of(op)));
    };
}

}  // namespace

void Commands::presence(const raw::PresenceRequest& request, Reply<Done> reply) {
    constexpr auto op = codec::Opcode::presence_update;
    send(op, codec::to_msgpack(request), when_sent(op, std::move(reply)));
}

void Commands::signal(const raw::VoiceSignal& signal, Reply<Done> reply) {
    constexpr auto op = codec::Opcode::voice_signal;
    send(op, codec::to_msgpack(signal), when_sent(op, std::move(reply)));
}

void Commands::on_sent(session::CommandId id) { end(id, nullptr); }

void Commands::on_failed(const session::CommandFailed& failed) {
    if (failed.why == session::CommandFailure::refused) return refused(failed);
    end(failed.id, &failed);
}

void Commands::end(session::CommandId id, const session::CommandFailed* failure) {
    auto pending = pending_.extract(id);
    if (pending.empty()) return;
    if (failure == nullptr) last_op_ = pending.mapped().op;
    pending.mapped().ended(failure);
}

void Commands::refused(const session::CommandFailed& failed) {
    if (failed.id != 0 && (voice_.refused(failed) || offers_.refused(failed) || members_.refused(failed))) return;
    const char* const what = is_voice_code(failed.close_code) ? "voice state" : name_of(last_op_);
    port_.report_error(error_of(failed, what), what);
}

void Commands::on_new_session() {
    voice_.on_new_session();
    offers_.fail_all(
        std::make_exception_ptr(NetworkError("voice offer: the session ended before the server answered; join again")));
    on_disconnected(false);
    members_.on_ready();
}

void Commands::on_resumed() { members_.on_ready(); }

void Commands::on_disconnected(bool will_resume) {
    // After a resume the missing chunks are replayed.
    if (will_resume || !members_.wants()) return;
    members_.fail_sent(std::make_exception_ptr(
        NetworkError("member request: the session ended before the server answered; request again")));
}

void Commands::on_stopped(const session::Stopped& stopped) {
    over_ = stopped.reason == session::StopReason::by_user
                ? cancelled()
                : std::make_exception_ptr(GatewayError("gateway: " + stopped.text, stopped.close_code));
    voice_.fail_all(over_);
    offers_.fail_all(over_);
    members_.fail_all(over_);
}

}  // namespace intent::client
