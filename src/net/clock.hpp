// The only place that reads clocks and random devices; everything above gets time and seeds as inputs.
#pragma once

#include <chrono>
#include <cstdint>

namespace intent::net {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

Time now();
std::chrono::system_clock::time_point system_now();

/// 64 bits from the operating system's random device.
std::uint64_t random_seed();

}  // namespace intent::net
