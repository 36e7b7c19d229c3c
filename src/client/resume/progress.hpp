// How far a session's events are handled: where a next process has to go on.
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

/// Everything up to here is handled.
struct Position {
    std::string session_id;  ///< empty: the server gave none
    std::uint64_t seq = 0;   ///< of the last dispatch that is handled, and so are all before it
    Timestamp time{};        ///< what happened before had been received when that one came
    friend bool operator==(const Position&, const Position&) = default;
};

/// Follows dispatches from their arrival to the end of their last handler. Handlers end in any order; the position is
/// the one before the oldest dispatch that is not done.
///
/// How to drive it: `begin` with each new session, `accept` for each dispatch. What comes of a dispatch holds
/// its reference; when the last copy goes, it is done. Over a new session the position moves once all of the old one is
/// done.
///
/// Threads: safe. Own it by a shared_ptr: pending dispatches keep it alive.
class Progress : public std::enable_shared_from_this<Progress> {
public:
    using PendingRef = std::shared_ptr<detail::PendingDispatch>;

    /// Where an earlier process has stopped.
    void restore(Position position);

    /// A new session. While the reference is held the position stays with what was before; null if that is nothing.
    /// `complete_until`, here and below: all that happened before has been received.
    PendingRef begin(std::string session_id, Timestamp complete_until);

    /// The session has another id than was thought.
    void rename(const std::string& session_id);

    /// A dispatch has come. Null for one without a number: it cannot be asked for again.
    PendingRef accept(std::optional<std::uint64_t> seq, Timestamp complete_until);

    /// Without it a quiet session would end at its last event.
    void alive(Timestamp complete_until);

    /// Nothing before the first session.
    std::optional<Position> position() const;

    /// Blocks until there is another position than `known`, and gives it; nothing once `end` was called.
    std::optional<Position> wait_news(const std::optional<Position>& known);

    /// Blocks for so long, or until `end` is called; true if it was.
    bool wait_end(std::chrono::milliseconds longest);
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
    Mark last_;          // the last that came
    Marks outstanding_;  // for each dispatch that is not done, the mark before it; in order of arrival
    bool awaited_ = false;
    bool ended_ = false;
};

}  // namespace intent::client
