// The wait before the next attempt (protocol §5).
#pragma once

#include "session/settings.hpp"
#include "text/random.hpp"

#include <algorithm>

namespace intent::session {

/// 1, 2, 4, 8, 16, 30, 30, … s, each randomised by ± 25 %, without end. All numbers are from the `Schedule`.
class Backoff {
public:
    explicit Backoff(const Schedule& schedule) noexcept
        : first_(schedule.backoff_first), cap_(schedule.backoff_cap), jitter_(schedule.backoff_jitter), base_(first_) {}

    Duration next(text::Random& random) noexcept {
        const double spread = 1.0 + jitter_ * (2.0 * random.unit() - 1.0);
        const Duration delay(static_cast<Duration::rep>(static_cast<double>(base_.count()) * spread));
        base_ = std::min(base_ * 2, cap_);
        return delay;
    }

    void reset() noexcept { base_ = first_; }

private:
    Duration first_;
    Duration cap_;
    double jitter_;
    Duration base_;
};

}  // namespace intent::session
