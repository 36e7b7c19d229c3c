// The only place that reads clocks and random devices; all other code gets time and seeds as inputs.
#pragma once

#include <chrono>
#include <cstdint>

namespace intent::net {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

Time now();

/// `delay`, clamped to 100 years so that it cannot overflow a clock.
std::chrono::milliseconds clamped(std::chrono::milliseconds delay);

/// The moment `delay` from now, clamped.
Time time_in(std::chrono::milliseconds delay);

std::chrono::system_clock::time_point system_now();

/// How long the computer has been suspended since boot, which `now()` does not count. Varies by some microseconds.
/// Always zero if the system does not report it, or if its clock runs on during suspension.
Duration time_suspended();

/// 64 bits from the operating system's random device.
std::uint64_t random_seed();

}  // namespace intent::net
