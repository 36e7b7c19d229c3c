#include "net/clock.hpp"

#include <random>

namespace intent::net {

Time now() { return std::chrono::steady_clock::now(); }

std::chrono::system_clock::time_point system_now() { return std::chrono::system_clock::now(); }

std::uint64_t random_seed() {
    std::random_device device;
    static_assert(std::random_device::max() >= 0xffffffffu);
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace intent::net
