// The clocks for measurements.
#pragma once

#include <time.h>

#include <cerrno>
#include <cstdint>

namespace intent::bench {

inline std::int64_t read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// The same clock in every process of a machine.
inline std::int64_t monotonic_ns() { return read_clock(CLOCK_MONOTONIC); }

/// The CPU time of all threads of this process.
inline std::int64_t process_cpu_ns() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

inline void sleep_until(std::int64_t monotonic) {
    const timespec time{monotonic / 1'000'000'000, monotonic % 1'000'000'000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
    }
}

}  // namespace intent::bench
