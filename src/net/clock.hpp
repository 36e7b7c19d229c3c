// The only place that reads clocks and random devices; everything above gets time and seeds as inputs.
#pragma once

#include <chrono>
#include <cstdint>

namespace intent::net {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

Time now();

/// The moment `delay` from now; at most 100 years away, so that no delay overflows the clock.
Time time_in(std::chrono::milliseconds delay);

std::chrono::system_clock::time_point system_now();

/// How long the computer has been suspended since it was started: `now()` leaves that out. It also wavers by some
/// microseconds. Always zero where the system does not tell, and where its clock counts on meanwhile.
Duration time_suspended();

/// 64 bits from the operating system's random device.
std::uint64_t random_seed();

}  // namespace intent::net
