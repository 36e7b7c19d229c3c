// Offers of voice connections and their answers (protocol §13).
#pragma once

#include "client/commands/sender.hpp"
#include "client/dispatch/voice_place.hpp"

#include <intent/raw/voice.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace intent::client {

/// Driven by `Commands`. An answer does not name its offer, so offers run one after the other.
///
/// Threads: the I/O thread.
class VoiceOffers {
public:
    explicit VoiceOffers(Sender& sender) : sender_(sender) {}

    /// The reply has the SDP of the answer.
    void offer(VoicePlace place, raw::VoiceSignal signal, std::chrono::milliseconds timeout, Reply<std::string> reply);

    /// True if an offer waits for an answer.
    bool wants() const noexcept { return !queue_.empty(); }
    /// Returns the channel that the answer belongs to; no value if nothing waits for it.
    std::optional<VoicePlace> saw_answer(const std::string& sdp);

    /// The server closed the connection because of this command; false if it is not the offer in progress.
    bool refused(const session::CommandFailed& failed);

    /// Ends the offers for channels of the server, except those for `but`.
    void end(ServerId server, const std::exception_ptr& error, std::optional<ChannelId> but = {});

    /// Ends all offers.
    void fail_all(const std::exception_ptr& error);

private:
    struct Offer {
        VoicePlace place;
        raw::VoiceSignal signal;
        std::chrono::milliseconds timeout{};
        Reply<std::string> reply;
        std::uint64_t call = 0;
        session::CommandId id = 0;
        bool sent = false;
    };

    void start();
    void on_ended(std::uint64_t call, const session::CommandFailed* failed);
    void expire(std::uint64_t call);
    void finish(Answer<std::string> answer);
    bool is_first(std::uint64_t call) const noexcept { return !queue_.empty() && queue_.front().call == call; }

    Sender& sender_;
    std::deque<Offer> queue_;  // the first one is in progress
    std::uint64_t last_call_ = 0;
};

}  // namespace intent::client
