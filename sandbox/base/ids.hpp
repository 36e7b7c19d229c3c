// New ids in the order of time.
#pragma once

#include <intent/timestamp.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace intent::inline v0::sandbox {

/// Creates increasing ids: milliseconds since 2024 in the upper 42 bits, a counter below. They keep increasing when the
/// clock goes back. Starting from the store's maximum id keeps them unique across restarts.
class IdSource {
public:
    explicit IdSource(std::uint64_t max_used) : last_(max_used) {}

    std::uint64_t next(Timestamp now) {
        constexpr Timestamp epoch = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
        const auto age = std::chrono::floor<std::chrono::milliseconds>(now - epoch).count();
        const auto by_time = static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0)) << 22;
        last_ = std::max(last_ + 1, by_time);
        return last_;
    }

private:
    std::uint64_t last_;
};

}  // namespace intent::sandbox
