// Joining, moving, leaving, muting (protocol §13).
#pragma once

#include "client/commands/sender.hpp"
#include "client/commands/voice_offers.hpp"

#include <intent/raw/voice.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace intent::client {

/// Driven by `Commands`. Stores the bot's desired voice state per server, because op 4 always sends the complete state.
///
/// Threads: the I/O thread.
class VoiceCalls {
public:
    /// Ends the offers for channels that the bot leaves.
    VoiceCalls(Sender& sender, VoiceOffers& offers) : sender_(sender), offers_(offers) {}

    void join(const raw::VoiceStateRequest& wanted, std::chrono::milliseconds timeout,
              Reply<raw::VoiceServerUpdate> reply);
    void leave(ServerId server, Reply<Done> reply);
    void mute(ServerId server, bool muted, bool deafened, Reply<Done> reply);

    /// True if a dispatch about voice could change anything here.
    bool wants() const noexcept { return !seats_.empty(); }
    /// The channel that the bot is in, or about to be; no value if there are none or several.
    std::optional<VoicePlace> only_channel() const;
    void saw(const raw::VoiceServerUpdate& update);
    void saw_own(const raw::VoiceState& state);

    /// The server closed the connection because of this command; false if no join waits for it.
    bool refused(const session::CommandFailed& failed);

    /// A new session has no voice state: commands sent in the old session are lost, waiting commands are not.
    void on_new_session();

    /// Ends all joins.
    void fail_all(const std::exception_ptr& error);

private:
    struct Join {
        ChannelId channel;
        std::chrono::milliseconds timeout{};
        Reply<raw::VoiceServerUpdate> reply;
        std::uint64_t call = 0;
        bool timed = false;
    };
    struct Seat {
        raw::VoiceStateRequest wanted;
        std::uint64_t version = 0;  // counts commands, to recognize the end of an earlier command
        session::CommandId id = 0;  // of the last command with this state
        bool sent = false;
        std::vector<Join> joins = {};
    };

    void say(ServerId server, Reply<Done> reply);
    void on_ended(ServerId server, std::uint64_t version, const session::CommandFailed* failed);
    void expire(ServerId server, std::uint64_t call);
    void end_joins(Seat& seat, const std::exception_ptr& error, std::optional<ChannelId> but = {});
    void give_up(ServerId server, const std::exception_ptr& error);

    Sender& sender_;
    VoiceOffers& offers_;
    std::map<ServerId, Seat> seats_;
    std::uint64_t last_id_ = 0;  // for joins and versions
};

}  // namespace intent::client
