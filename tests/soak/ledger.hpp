// What each client of the soak was handed, and what it was told it had lost.
#pragma once

#include "tests/soak/platform.hpp"

#include <intent/timestamp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace intent::test {

/// Of one client. Everything is laid out before the first minute, so that counting does not look like a leak.
///
/// Threads: the client's handler thread; any other when the client rests.
struct Ledger {
    explicit Ledger(const SoakPlan& plan)
        : delivered(static_cast<std::size_t>(plan.rounds()) * SoakPlan::serials_per_round, 0),
          calls_begun(static_cast<std::size_t>(plan.rounds() / plan.clients + 1), 0),
          calls_ended(calls_begun.size(), 0) {
        gaps.reserve(1000);
    }

    void deliver(std::size_t serial) {
        if (serial < delivered.size() && delivered[serial] < 255) ++delivered[serial];
    }

    struct Span {
        std::int64_t from;
        std::int64_t to;  ///< µs since 1970
    };
    void lose(Timestamp from, Timestamp to) {
        gaps.push_back({from.time_since_epoch().count(), to.time_since_epoch().count()});
    }
    bool covers(std::int64_t before, std::int64_t after, std::int64_t slack) const {
        for (const auto& gap : gaps)
            if (gap.from - slack <= after && before <= gap.to + slack) return true;
        return false;
    }

    std::vector<std::uint8_t> delivered;  ///< times, by serial
    std::vector<Span> gaps;
    std::vector<std::uint8_t> calls_begun;  ///< REST calls, by the turn that the client had to make one
    std::vector<std::uint8_t> calls_ended;
    std::size_t calls_failed = 0;
    std::atomic<std::size_t> errors{0};
};

}  // namespace intent::test
