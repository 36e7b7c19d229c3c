// How many requests one bucket still has, and when it has more: the arithmetic of protocol §10, without queues.
#pragma once

#include "limits/headers.hpp"
#include "limits/server_clock.hpp"
#include "limits/sliding_window.hpp"
#include "limits/table.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace intent::limits {

/// What an answer tells a budget.
struct Observation {
    Time sent{}, received{};
    int status = 0;
    bool probe = false;  ///< as `start` returned it
    const RateLimitInfo& info;
    const ServerClock& clock;
    std::chrono::system_clock::time_point received_wall{};
};

/// How a server keeps the limit of one row of the table, as far as its answers have shown it. All buckets of the row
/// share it.
struct Habits {
    enum class Proof : std::uint8_t { none, proven, disproved };

    Proof by_clock = Proof::none;  ///< windows begin at whole multiples of their length: `Reset` is exact
    Proof refills = Proof::none;   ///< requests come back one by one
    std::uint8_t refill_strikes = 0;
};

/// The first request of an unknown bucket goes alone; after it `Remaining` counts, down only within one window. When
/// nothing remains, one request (the *probe*) goes at the end of the window, and its answer opens the next.
///
/// When does a window end? `Reset` tells it to two seconds (its rounding is not known, nor is the server's clock
/// exactly). Where the limit is the one that protocol §10 lists, its window is taken to be listed too: then it ends at
/// the latest one window after the answer to the first request in it. The earlier of both bounds counts. A bucket that
/// refills bit by bit shows it by its answers (`Reset` rises while `Remaining` falls, or a wait gives one request
/// instead of all): from then on its level is computed from our own requests.
///
/// Threads: Distinct objects: safe. Shared objects: unsafe.
class Budget {
public:
    /// Both may be null; `habits` belong to the row and outlive the budget.
    explicit Budget(const TableRow* row = nullptr, Habits* habits = nullptr);

    /// The bucket turns out to be that of another route of the same family.
    void set_row(const TableRow* row, Habits* habits) noexcept;

    /// When the next request may start. `Time::max()`: when an answer has come. `certain`: see RoundTrips.
    Time ready_at(Duration certain) const noexcept;

    /// Counts a request that starts. True if it is a probe.
    bool start(Time now);

    void on_answer(const Observation& seen);
    void on_no_answer(Time now, bool probe, bool maybe_counted);

    /// A 429: nothing before `until`, whatever the headers say.
    void on_limited(Time received, Time until, bool probe, const RateLimitInfo& info);

    /// Takes over, or gives away, requests in flight whose route changes its bucket.
    void adopt(std::uint32_t in_flight) noexcept { in_flight_ += in_flight; }
    void release(std::uint32_t in_flight, bool probe) noexcept;

    /// Goes on with the other's second limit, with what has been counted of it, unless this has one.
    void take_second_limit(Budget& from) noexcept;

    const TableRow* row() const noexcept { return row_; }
    std::uint32_t in_flight() const noexcept { return in_flight_; }
    std::optional<std::uint32_t> limit() const noexcept;
    std::optional<std::uint32_t> remaining() const noexcept;

    /// The end of the present window at the latest; unset if none is known.
    std::optional<Time> window_end(Duration certain) const noexcept;

    /// True if an unknown bucket would allow no more than this one does.
    bool forgettable(Time now) const noexcept;

private:
    enum class Phase : std::uint8_t { unknown, counting, probing, unlimited };

    void begin_window(const Observation& seen);
    void go_on(const Observation& seen);
    void count_bare(const Observation& seen);
    void read_reset(const Observation& seen);
    void watch_window(const Observation& seen);
    void watch_run(const Observation& seen, std::uint32_t before, UnixTime reset_before, bool after_zero);
    Time one_token_at(Duration certain) const noexcept;
    bool refills() const noexcept { return habits_ != nullptr && habits_->refills == Habits::Proof::proven; }
    void track_level(const Observation& seen);
    void probe_again() noexcept;
    Duration token_time() const noexcept;

    Time blocked_until_ = Time::min();
    Time reset_latest_ = Time::max();  // the end of the window by `Reset`, at the latest; max: not told
    Time first_answer_ = Time::max();  // in this window; max: none yet
    Time last_answer_ = Time::min();
    Time full_at_ = Time::min();  // of a bucket that refills: when it is full again, at the latest
    UnixTime reset_{};            // epoch: none
    UnixTime run_reset_{};        // `Reset` when `Remaining` began to fall
    const TableRow* row_ = nullptr;
    Habits* habits_ = nullptr;
    std::unique_ptr<SlidingWindow> second_;
    std::uint32_t limit_ = 0, remaining_ = 0, in_flight_ = 0;
    Phase phase_ = Phase::unknown;
    bool row_fits_ = false;        // the row's window holds for this bucket
    bool row_refuted_ = false;     // a window outlasted the row's
    bool maybe_by_clock_ = false;  // this window looks as if it ended by the clock
    bool maybe_refills_ = false;   // and just as well as if tokens came
};

}  // namespace intent::limits
