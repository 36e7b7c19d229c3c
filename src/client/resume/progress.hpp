// Which of a session's events are handled: where the next process continues, and what it skips.
#pragma once

#include <intent/detail/pending_dispatch.hpp>
#include <intent/timestamp.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::client {

/// Consecutive sequence numbers.
struct SeqSpan {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend bool operator==(const SeqSpan&, const SeqSpan&) = default;
};

/// All events up to this position are handled, and some behind it.
struct Position {
    std::string session_id;  ///< empty: the server sent none
    std::uint64_t seq = 0;   ///< the last dispatch that is handled together with all before it
    Timestamp time{};        ///< everything before this time had been received when that dispatch arrived
    /// Handled dispatches behind `seq`: ascending, with at least one number between two spans. At most `max_spans`, the
    /// lowest ones: more of them are handled again.
    std::vector<SeqSpan> handled = {};
    friend bool operator==(const Position&, const Position&) = default;
};

/// Tracks dispatches from their arrival to the end of their last handler. Handlers end in any order; the position is
/// just before the oldest dispatch that is not done.
///
/// How to drive it: `begin` with each new session; for each dispatch `handled_before`, and unless that is true,
/// `accept`. Everything that results from a dispatch holds its reference; when the last copy is destroyed, the dispatch
/// is done. The position moves into a new session only when all of the old one is done.
///
/// Threads: one thread at a time for `restore`, `begin`, `handled_before` and `accept`; the rest is safe. Owned by a
/// shared_ptr: pending dispatches keep it alive.
class Progress : public std::enable_shared_from_this<Progress> {
public:
    using PendingRef = std::shared_ptr<detail::PendingDispatch>;

    /// A backlog can leave thousands of spans, because the handler threads progress independently.
    static constexpr std::size_t max_spans = 8'192;

    /// The position where an earlier process stopped.
    void restore(Position position);

    /// A new session. While the reference is held, the position stays in the previous session; null if there is none.
    /// `complete_until`, here and below: everything before this time has been received.
    PendingRef begin(std::string session_id, Timestamp complete_until);

    /// The session has a different id than expected.
    void rename(const std::string& session_id);

    /// A dispatch has arrived: returns whether an earlier process handled it. It is then done.
    bool handled_before(std::uint64_t seq);

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
    struct Outstanding {
        Mark before;
        std::uint64_t seq = 0;  ///< its own number; unused for the beginning of a session
    };
    using Marks = std::list<Outstanding>;

    PendingRef hold(Mark before, std::uint64_t seq);
    void done(Marks::iterator mark);
    void pass(std::uint64_t seq);
    void notify();
    std::optional<Position> position_locked() const;
    std::vector<SeqSpan> handled_locked() const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Mark last_;          // the last one that arrived
    Marks outstanding_;  // the dispatches that are not done, in order of arrival
    /// Handled by an earlier process, and above last_.seq. Changed only by the thread of `accept`, which may read it
    /// without the lock.
    std::deque<SeqSpan> restored_;
    std::uint64_t changes_ = 0;
    bool awaited_ = false;
    bool ended_ = false;
};

}  // namespace intent::client
