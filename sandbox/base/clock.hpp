// The sandbox's clocks: the real clocks plus an offset that tests set.
#pragma once

#include "net/clock.hpp"
#include "sandbox/base/clock_reading.hpp"

#include <chrono>

namespace intent::sandbox {

/// The only place where the sandbox reads the time. Only real waits (for a pong, or of a control request that waits for
/// new entries) use the clocks of `net`.
///
/// Threads: one at a time.
class Clock {
public:
    net::Time now() const { return net::now() + offset_; }
    Timestamp system() const { return std::chrono::floor<std::chrono::microseconds>(net::system_now() + offset_); }
    ClockReading read() const { return {.steady = now(), .system = system()}; }
    std::chrono::milliseconds offset() const noexcept { return offset_; }
    /// The maximum offset. Large enough for tests; keeps sums of times far from overflow.
    static constexpr std::chrono::milliseconds max_offset = std::chrono::days(3650);
    bool can_advance(std::chrono::milliseconds step) const noexcept { return step <= max_offset - offset_; }
    void advance(std::chrono::milliseconds step) noexcept { offset_ += step; }
    /// Converts a moment of this clock to the real clock.
    net::Time real(net::Time time) const noexcept { return time - offset_; }

private:
    std::chrono::milliseconds offset_{0};
};

}  // namespace intent::sandbox
