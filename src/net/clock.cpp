#include "net/clock.hpp"

#include <algorithm>
#include <ctime>
#include <random>

namespace intent::net {

Time now() { return std::chrono::steady_clock::now(); }

std::chrono::milliseconds clamped(std::chrono::milliseconds delay) {
    constexpr std::chrono::milliseconds century = std::chrono::hours(24 * 36'525);
    return std::clamp(delay, -century, century);
}

Time time_in(std::chrono::milliseconds delay) { return now() + clamped(delay); }

std::chrono::system_clock::time_point system_now() { return std::chrono::system_clock::now(); }

Duration time_suspended() {
#if defined(__linux__)
    timespec awake{};
    timespec all{};
    if (clock_gettime(CLOCK_MONOTONIC, &awake) != 0 || clock_gettime(CLOCK_BOOTTIME, &all) != 0) return {};
    return std::chrono::seconds(all.tv_sec - awake.tv_sec) + std::chrono::nanoseconds(all.tv_nsec - awake.tv_nsec);
#else
    return {};
#endif
}

std::uint64_t random_seed() {
    std::random_device device;
    static_assert(std::random_device::max() >= 0xffffffffu);
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace intent::net
