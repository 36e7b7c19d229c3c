// One moment on both clocks.
#pragma once

#include <intent/timestamp.hpp>

#include <chrono>

namespace intent::sandbox {

/// The two clocks at one moment: limits need the one that never jumps, dates the other.
struct Moment {
    std::chrono::steady_clock::time_point steady;
    Timestamp system;
};

}  // namespace intent::sandbox
