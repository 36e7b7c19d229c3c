// How many requests a bucket still has, and when it has more: the arithmetic of protocol §10, without queues.
#pragma once

#include "limits/headers.hpp"
#include "limits/server_clock.hpp"
#include "limits/sliding_window.hpp"
#include "limits/table.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace intent::inline v0::limits {

/// What a budget learns from an answer.
struct Observation {
    Time sent{}, received{};
    int status = 0;
    bool probe = false;  ///< the value that `start` returned
    const RateLimitInfo& info;
    const ServerClock& clock;
    std::chrono::system_clock::time_point received_wall{};
};

/// The first request of an unknown bucket is sent alone. After it `Remaining` counts, and only falls within one
/// window. When nothing remains, one request (the *probe*) is sent at the end of the window, and its answer opens the
/// next.
///
/// The end of a window: `Reset` gives it with an error of up to two seconds (its rounding is unknown, and the server's
/// clock is not exactly known). If the limit is the one that protocol §10 lists, the listed window is assumed too:
/// then it ends at the latest one window after the answer to the first request in it. The earlier of both bounds
/// counts.
///
/// Every bucket is treated as such a window. Servers may also align windows to their clock or refill a bucket one
/// request at a time. The budget does not try to recognize them: it exceeds no such limit either, and uses it up only
/// slightly later (`scripts/limiter-model` measures by how much).
class Budget {
public:
    /// `row` may be null.
    explicit Budget(const TableRow* row = nullptr);

    /// The bucket is that of another route of the same family.
    void set_row(const TableRow* row) noexcept { row_ = row; }

    /// When the next request may start. `Time::max()`: after an answer. `certain`: see RoundTrips.
    Time ready_at(Duration certain) const noexcept;

    /// Counts a request that starts. True if it is a probe.
    bool start(Time now);

    void on_answer(const Observation& seen);
    void on_no_answer(Time now, bool probe, bool maybe_counted);

    /// A 429: nothing may start before `until`, whatever the headers contain.
    void on_limited(Time received, Time until, bool probe, const RateLimitInfo& info);

    /// Adds or removes requests in flight when their route changes its bucket.
    void adopt(std::uint32_t in_flight) noexcept { in_flight_ += in_flight; }
    void release(std::uint32_t in_flight, bool probe) noexcept;

    /// Takes over the other budget's second limit and its counts, unless this one has a second limit.
    void take_second_limit(Budget& from) noexcept;

    const TableRow* row() const noexcept { return row_; }
    std::uint32_t in_flight() const noexcept { return in_flight_; }
    std::optional<std::uint32_t> limit() const noexcept;
    std::optional<std::uint32_t> remaining() const noexcept;

    /// The latest end of the current window; unset if unknown.
    std::optional<Time> window_end(Duration certain) const noexcept;

    /// True if an unknown bucket would be at least as strict as this one.
    bool forgettable(Time now) const noexcept;

private:
    enum class Phase : std::uint8_t { unknown, counting, probing, unlimited };

    void begin_window(const Observation& seen);
    void go_on(const Observation& seen);
    void count_without_headers(const Observation& seen);
    void read_reset(const Observation& seen);
    void probe_again() noexcept;

    Time blocked_until_ = Time::min();
    Time reset_latest_ = Time::max();  // latest end of the window by `Reset`; max: unknown
    Time first_answer_ = Time::max();  // in this window; max: no answer yet
    Time last_answer_ = Time::min();
    UnixTime reset_{};  // epoch: unset
    const TableRow* row_ = nullptr;
    std::unique_ptr<SlidingWindow> second_;
    std::uint32_t limit_ = 0, remaining_ = 0, in_flight_ = 0;
    Phase phase_ = Phase::unknown;
    bool row_fits_ = false;     // the row's window applies to this bucket
    bool row_refuted_ = false;  // a window lasted longer than the row's
};

}  // namespace intent::limits
