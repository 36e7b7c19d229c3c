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

namespace intent::sandbox {

using Time = std::chrono::steady_clock::time_point;
using ConnectionId = std::uint64_t;

/// The sequence and replay buffer of a session. Events are kept with and without a connection, because a sent event may
/// not have arrived.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Session {
public:
    using SharedEvent = std::shared_ptr<const Event>;
    struct Kept {
        std::uint64_t seq;
        SharedEvent event;
        Time when;
    };

    Session(std::uint64_t number, std::string id, UserId who, Time now = {})
        : key(number), session_id(std::move(id)), user(who), since(now) {}

    /// Takes the next sequence number for an event that a Resume can request again.
    std::uint64_t keep(Time now, SharedEvent event);
    /// Takes the next sequence number for an event of the session itself, which is never replayed.
    std::uint64_t skip(std::uint64_t by = 1) { return last_seq_ += by; }

    std::uint64_t last_seq() const noexcept { return last_seq_; }
    /// True if all events after `seq` are still kept.
    bool can_replay(std::uint64_t seq) const noexcept { return seq >= forgotten_ && seq <= last_seq_; }
    std::vector<Kept> events_after(std::uint64_t seq) const;
    std::size_t kept() const noexcept { return kept_.size(); }

    const std::uint64_t key;
    const std::string session_id;
    const UserId user;
    const Time since;
    /// The connection to send frames on; unset while there is no usable one.
    std::optional<ConnectionId> line() const noexcept { return is_ending ? std::nullopt : connection; }

    std::optional<ConnectionId> connection = {};
    bool is_ending = false;  ///< a fault will end the connection: a Resume replays later events
    bool is_over = false;    ///< op 8 was sent: it gets no more events and cannot be resumed
    Time expires{};          ///< valid while there is no connection

    static constexpr std::size_t max_kept = 10'000;
    static constexpr std::size_t max_kept_bytes = 64u << 20;  ///< of payloads; member chunks are large
    static constexpr auto keep_time = std::chrono::minutes(5);

private:
    std::deque<Kept> kept_;
    std::size_t kept_bytes_ = 0;
    std::uint64_t last_seq_ = 0;
    std::uint64_t forgotten_ = 0;  ///< maximum sequence number dropped from `kept_`
};

}  // namespace intent::sandbox
