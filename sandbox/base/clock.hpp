// The sandbox's clocks: the real ones, and how far a test has set them ahead.
#pragma once

#include "net/clock.hpp"
#include "sandbox/base/clock_reading.hpp"

#include <chrono>

namespace intent::sandbox {

/// The one place where the sandbox reads the time. Only waits that are real (a ping's answer, an order that waits for
/// news) go by the clocks of `net`.
///
/// Threads: one at a time.
class Clock {
public:
    net::Time now() const { return net::now() + offset_; }
    Timestamp system() const { return std::chrono::floor<std::chrono::microseconds>(net::system_now() + offset_); }
    ClockReading read() const { return {.steady = now(), .system = system()}; }
    std::chrono::milliseconds offset() const noexcept { return offset_; }
    /// So far the clock may be set ahead: no test needs more, and sums of times stay far from their ends.
    static constexpr std::chrono::milliseconds most = std::chrono::days(3650);
    bool can_advance(std::chrono::milliseconds step) const noexcept { return step <= most - offset_; }
    void advance(std::chrono::milliseconds step) noexcept { offset_ += step; }
    /// When a moment on this clock comes on the real one.
    net::Time real(net::Time time) const noexcept { return time - offset_; }

private:
    std::chrono::milliseconds offset_{0};
};

}  // namespace intent::sandbox
