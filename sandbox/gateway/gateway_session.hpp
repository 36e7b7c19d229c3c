// One session: its sequence and the events that a Resume can request again (protocol §5).
#pragma once

#include "sandbox/base/event.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

using Time = std::chrono::steady_clock::time_point;
using ConnectionId = std::uint64_t;

/// The number of a frame: `s`, which an event without a number (0) does not have.
inline std::optional<std::uint64_t> wire_number(std::uint64_t seq) noexcept {
    return seq > 0 ? std::optional(seq) : std::nullopt;
}

/// The sequence and replay buffer of a session. Events are kept with and without a connection, because a sent event may
/// not have arrived.
class Session {
public:
    using SharedEvent = std::shared_ptr<const Event>;
    struct Kept {
        std::uint64_t seq;
        SharedEvent event;
        Time when;
    };

    Session(std::uint64_t key, std::string session_id, UserId user, Time now = {})
        : key_(key), session_id_(std::move(session_id)), user_(user), since_(now) {}

    /// Numbers the sessions of a sandbox.
    std::uint64_t key() const noexcept { return key_; }
    /// The id on the wire.
    const std::string& session_id() const noexcept { return session_id_; }
    UserId user() const noexcept { return user_; }
    Time since() const noexcept { return since_; }

    /// Takes the next sequence number for an event that a Resume can request again.
    std::uint64_t keep(Time now, SharedEvent event);
    /// Takes the next sequence number for READY, which precedes all that a Resume can request.
    std::uint64_t skip(std::uint64_t by = 1) { return last_seq_ += by; }

    std::uint64_t last_seq() const noexcept { return last_seq_; }
    /// True if all events after `seq` are still kept.
    bool can_replay(std::uint64_t seq) const noexcept { return seq >= forgotten_ && seq <= last_seq_; }
    std::vector<Kept> events_after(std::uint64_t seq) const;
    std::size_t kept() const noexcept { return kept_.size(); }

    void attach(ConnectionId connection) noexcept { connection_ = connection; }
    /// The connection ended; the session expires `keep_time` later.
    void detach(Time now) noexcept {
        connection_.reset();
        is_ending_ = false;
        expires_ = now + keep_time;
    }
    /// A fault is about to end the connection: a Resume replays later events.
    void stop_sending() noexcept { is_ending_ = true; }
    /// Op 8 was sent: the session gets no more events and cannot be resumed.
    void invalidate() noexcept { is_over_ = true; }

    std::optional<ConnectionId> connection() const noexcept { return connection_; }
    /// The connection to send frames on; unset while there is no usable one.
    std::optional<ConnectionId> usable_connection() const noexcept { return is_ending_ ? std::nullopt : connection_; }
    bool is_over() const noexcept { return is_over_; }
    /// Valid while there is no connection.
    Time expires() const noexcept { return expires_; }

    static constexpr std::size_t max_kept = 10'000;
    static constexpr std::size_t max_kept_bytes = 64u << 20;  ///< of payloads; member chunks are large
    static constexpr auto keep_time = std::chrono::minutes(5);

private:
    const std::uint64_t key_;
    const std::string session_id_;
    const UserId user_;
    const Time since_;
    std::optional<ConnectionId> connection_ = {};
    bool is_ending_ = false;
    bool is_over_ = false;
    Time expires_{};
    std::deque<Kept> kept_;
    std::size_t kept_bytes_ = 0;
    std::uint64_t last_seq_ = 0;
    std::uint64_t forgotten_ = 0;  ///< maximum sequence number dropped from `kept_`
};

}  // namespace intent::sandbox
