// One moment on both clocks.
#pragma once

#include <intent/timestamp.hpp>

#include <chrono>

namespace intent::sandbox {

/// Both clocks, read at the same moment: limits need the one that never jumps, dates the other.
struct ClockReading {
    std::chrono::steady_clock::time_point steady;
    Timestamp system;
};

}  // namespace intent::sandbox
