// The user's gateway commands and their results (protocol §4).
#pragma once

#include "client/commands/member_requests.hpp"
#include "client/commands/sender.hpp"
#include "client/commands/voice_calls.hpp"
#include "client/commands/voice_offers.hpp"
#include "session/actions.hpp"

#include <intent/raw/presence.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <string>

namespace intent::client {

/// Tracks each command from the call to its end. A machine: time and the gateway are behind `Port`, so tests need
/// neither.
///
/// How to drive it: call the user's functions; pass in every action of the session that has a function here, and every
/// dispatch for which `wants` is true. `Port::send` must not call back before it has returned. Each reply is called
/// once.
///
/// Threads: the I/O thread.
class Commands final : public Sender {
public:
    struct Port {
        /// Passes a command to the session.
        std::function<void(session::CommandId, codec::Opcode, codec::Bytes)> send;

        /// Calls the function after this delay.
        std::function<void(std::chrono::milliseconds, std::function<void()>)> after;

        /// Reports an error for which no call waits any more.
        std::function<void(std::exception_ptr, std::string where)> report_error;
    };

    explicit Commands(Port port);

    // the user
    void presence(const raw::PresenceRequest& request, Reply<Done> reply);
    void signal(const raw::VoiceSignal& signal, Reply<Done> reply);
    VoiceCalls& voice() noexcept { return voice_; }
    VoiceOffers& offers() noexcept { return offers_; }
    MemberRequests& members() noexcept { return members_; }

    // the session
    void on_sent(session::CommandId id);
    void on_failed(const session::CommandFailed& failed);
    void on_new_session();
    void on_resumed();
    void on_disconnected(bool will_resume);
    void on_stopped(const session::Stopped& stopped);

    // Sender
    session::CommandId send(codec::Opcode op, codec::Bytes data, Ended ended) override;
    void after(std::chrono::milliseconds delay, std::function<void()> work) override;

private:
    struct Pending {
        codec::Opcode op;
        Ended ended;
    };
    void end(session::CommandId id, const session::CommandFailed* failure);
    void refused(const session::CommandFailed& failed);

    Port port_;
    std::map<session::CommandId, Pending> pending_;
    session::CommandId last_id_ = 0;
    codec::Opcode last_op_ = codec::Opcode::presence_update;  // of the last command that was sent
    std::exception_ptr over_;                                 // set once the session has stopped
    VoiceOffers offers_;
    VoiceCalls voice_;
    MemberRequests members_;
};

}  // namespace intent::client
