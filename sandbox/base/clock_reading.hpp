// A reading of both clocks.
#pragma once

#include <intent/timestamp.hpp>

#include <chrono>

namespace intent::inline v0::sandbox {

/// Both clocks, read at the same moment: limits need the steady clock, dates the system clock.
struct ClockReading {
    std::chrono::steady_clock::time_point steady;
    Timestamp system;
};

}  // namespace intent::sandbox
