// The time that clients and sandboxes read, and a clock for tests.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/timestamp.hpp>

#include <memory>

namespace intent::net {
class VirtualClock;
}

namespace intent::inline v0 {

namespace detail {
struct ClockAccess;
}

/// Where a client or a sandbox reads the time: the system's clocks by default, or a TestClock.
///
/// Copies are handles to the same clock. Threads: safe.
class INTENT_API Clock {
public:
    Clock() noexcept = default;  ///< the system's clocks

    /// Time for measuring and for timers; it never goes back.
    std::chrono::steady_clock::time_point now() const noexcept;
    /// The date and time.
    Timestamp wall_time() const noexcept;

    /// True for a TestClock.
    bool is_test_clock() const noexcept { return virtual_ != nullptr; }
    friend bool operator==(const Clock&, const Clock&) = default;

protected:
    /// A handle to a test clock.
    explicit Clock(std::shared_ptr<net::VirtualClock> clock) noexcept;

private:
    friend struct detail::ClockAccess;
    std::shared_ptr<net::VirtualClock> virtual_;  // null: the system's clocks
};

/// A clock that stands still until a test advances it. Everything that waits in a client or a sandbox with this clock
/// (`ClientOptions::clock`, `sandbox::Options::clock`) then runs at its time, in order, without waiting in real time:
///
///     intent::Sandbox sandbox({.clock = intent::TestClock()});
///     …                                                          // a bot with `.clock = sandbox.clock()`
///     alice.say(general, "!remind 2h tea");
///     sandbox.advance(2h);                                       // returns when the bot has posted the reminder
///
/// docs/testing-bots.md lists what follows the clock and what stays in real time.
///
/// Copies are handles to the same clock. Threads: safe; concurrent calls of `advance` run one after the other.
class INTENT_API TestClock : public Clock {
public:
    TestClock();                         ///< begins at the current date and time
    explicit TestClock(Timestamp wall);  ///< begins at this date and time

    /// Advances from timer to timer. At each one it waits until nothing is left to do: no handler runs or is queued, no
    /// frame and no request is on its way between the clients and sandboxes of this clock. Returns when that holds at
    /// the new time. Work that it cannot see (other threads, servers in other processes) is not awaited.
    ///
    /// `patience` is real time: the maximum time without any progress.
    ///
    /// Errors: ConfigError for a negative step, or a step beyond 10 years in total; TimeoutError after `patience`, with
    /// what is still busy (the clock then stays at the time that it has reached); UsageError on a thread of the SDK,
    /// where it would wait for itself.
    void advance(std::chrono::milliseconds step, std::chrono::milliseconds patience = std::chrono::seconds(30));

    /// Advances to a date and time, e.g. the next 09:30. Errors: as `advance`; ConfigError for a time in the past.
    void advance_to(Timestamp time, std::chrono::milliseconds patience = std::chrono::seconds(30));

    /// Waits until nothing is left to do at the current time. The same as `advance` by 0.
    void settle(std::chrono::milliseconds patience = std::chrono::seconds(30)) {
        advance(std::chrono::milliseconds(0), patience);
    }

private:
    friend struct detail::ClockAccess;
    explicit TestClock(std::shared_ptr<net::VirtualClock> clock) noexcept;
};

}  // namespace intent
