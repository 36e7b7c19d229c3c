// The position up to which a session's events are handled: where the next process continues.
#pragma once

#include "client/async/pending_dispatch.hpp"

#include <intent/timestamp.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace intent::client {

/// All events up to this position are handled.
struct Position {
    std::string session_id;  ///< empty: the server sent none
    std::uint64_t seq = 0;   ///< the last dispatch that is handled together with all before it
    Timestamp time{};        ///< everything before this time had been received when that dispatch arrived
    friend bool operator==(const Position&, const Position&) = default;
};

/// Tracks dispatches from their arrival to the end of their last handler. Handlers end in any order; the position is
/// just before the oldest dispatch that is not done.
///
/// How to drive it: `begin` with each new session, `accept` for each dispatch. Everything that results from a dispatch
/// holds its reference; when the last copy is destroyed, the dispatch is done. The position moves into a new session
/// only when all of the old one is done.
///
/// Threads: safe. Owned by a shared_ptr: pending dispatches keep it alive.
class Progress : public std::enable_shared_from_this<Progress> {
public:
    using PendingRef = std::shared_ptr<detail::PendingDispatch>;

    /// The position where an earlier process stopped.
    void restore(Position position);

    /// A new session. While the reference is held, the position stays in the previous session; null if there is none.
    /// `complete_until`, here and below: everything before this time has been received.
    PendingRef begin(std::string session_id, Timestamp complete_until);

    /// The session has a different id than expected.
    void rename(const std::string& session_id);

    /// A dispatch has arrived. Null if it has no number, because it cannot be requested again.
    PendingRef accept(std::optional<std::uint64_t> seq, Timestamp complete_until);

    /// Moves the time forward; otherwise a quiet session would end at its last event.
    void alive(Timestamp complete_until);

    /// No value before the first session.
    std::optional<Position> position() const;

    /// Blocks until the position differs from `known`, and returns it; no value after `end` was called.
    std::optional<Position> wait_change(const std::optional<Position>& known);

    /// Blocks for this time, or until `end` is called; true if it was called.
    bool wait_end(std::chrono::milliseconds timeout);
    void end();

private:
    class Pending;

    struct Mark {
        std::shared_ptr<std::string> session = {};
        std::uint64_t seq = 0;
        Timestamp time{};
    };
    using Marks = std::list<Mark>;

    PendingRef hold(Mark before);
    void done(Marks::iterator mark);
    std::optional<Position> position_locked() const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Mark last_;          // the last one that arrived
    Marks outstanding_;  // for each dispatch that is not done, the mark before it; in order of arrival
    bool awaited_ = false;
    bool ended_ = false;
};

}  // namespace intent::client
