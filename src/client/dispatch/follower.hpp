// An additional receiver of dispatches, apart from caches and handlers.
#pragma once

#include "client/dispatch/voice_place.hpp"

#include <intent/raw/gateway.hpp>
#include <intent/raw/member_events.hpp>
#include <intent/raw/voice.hpp>
#include <intent/voice.hpp>

#include <optional>
#include <vector>

namespace intent::client {

/// The bot's requests that are answered by dispatches, and the fetch of channels.
///
/// Threads: the I/O thread.
class Follower {
public:
    virtual ~Follower() = default;

    // True if dispatches of this type must be decoded for the follower.
    virtual bool wants_members() const noexcept = 0;
    virtual bool wants_voice() const noexcept = 0;
    virtual bool wants_servers() const noexcept = 0;
    virtual bool wants_signals() const noexcept = 0;

    virtual void on_members(const raw::MembersChunk& chunk) = 0;
    virtual void on_voice_server(const raw::VoiceServerUpdate& update) = 0;
    virtual void on_own_voice_state(const raw::VoiceState& state) = 0;
    /// Returns the voice channel that the signal belongs to, if it is known.
    virtual std::optional<VoicePlace> on_signal(const VoiceMessage& signal) = 0;
    virtual void on_server(ServerId server) = 0;
    virtual void on_server_gone(ServerId server) = 0;

    /// A new session with these servers. Returns true if their channels are fetched.
    virtual bool on_new_session(const std::vector<raw::Server>& servers) = 0;
};

}  // namespace intent::client
