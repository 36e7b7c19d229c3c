// The sandbox's clocks: the real clocks plus an offset that tests set, or a test clock.
#pragma once

#include "net/virtual_clock.hpp"
#include "sandbox/base/clock_reading.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace intent::inline v0::sandbox {

/// The only place where the sandbox reads the time. Only real waits (for a pong, or of a control request that waits for
/// new entries) use the clocks of `net`.
///
/// Threads: one at a time.
class Clock {
public:
    /// `clock`: a clock that others advance; null: the real clocks.
    explicit Clock(std::shared_ptr<net::VirtualClock> clock = {}) : virtual_(std::move(clock)) {}

    net::Time now() const { return virtual_ ? virtual_->now() : net::now() + offset_; }
    Timestamp system() const {
        return std::chrono::floor<std::chrono::microseconds>(virtual_ ? virtual_->system_now()
                                                                      : net::system_now() + offset_);
    }
    ClockReading read() const { return {.steady = now(), .system = system()}; }
    /// How far it was advanced.
    std::chrono::milliseconds offset() const noexcept {
        return virtual_ ? std::chrono::floor<std::chrono::milliseconds>(virtual_->elapsed()) : offset_;
    }
    /// The maximum offset. Large enough for tests; keeps sums of times far from overflow.
    static constexpr std::chrono::milliseconds max_offset = std::chrono::days(3650);
    bool can_advance(std::chrono::milliseconds step) const noexcept { return step <= max_offset - offset(); }
    /// Only for the real clocks.
    void advance(std::chrono::milliseconds step) noexcept { offset_ += step; }
    /// Converts a moment of this clock to the clock of the sandbox's loop.
    net::Time of_loop(net::Time time) const noexcept { return virtual_ ? time : time - offset_; }
    /// Null: the real clocks.
    const std::shared_ptr<net::VirtualClock>& test_clock() const noexcept { return virtual_; }

private:
    std::shared_ptr<net::VirtualClock> virtual_;
    std::chrono::milliseconds offset_{0};
};

}  // namespace intent::sandbox
