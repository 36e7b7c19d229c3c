// What a relay counts, for its status and its metrics.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace intent::relay {

/// Threads: safe.
struct Counters {
    using Count = std::atomic<std::uint64_t>;

    Count live{0};  // events given to the broker, by source
    Count replayed{0};
    Count backfilled{0};
    Count stored{0};
    Count duplicates{0};
    Count refused{0};
    Count gaps{0};
    std::atomic<bool> backfilling{false};

    Count requests{0};
    std::atomic<std::size_t> requests_under_way{0};
    Count requests_answered{0};
    Count requests_repeated{0};
    Count requests_refused{0};
    Count requests_failed{0};
    Count unknown_outcomes{0};
    Count commands{0};
    Count commands_refused{0};

    Count leads{0};  // times that this relay began to lead

    /// The last event that was given to the broker.
    void set_position(std::string_view session, std::uint64_t seq) {
        const std::lock_guard lock(mutex_);
        if (session_ != session) session_ = session;
        seq_ = seq;
    }
    std::pair<std::string, std::uint64_t> position() const {
        const std::lock_guard lock(mutex_);
        return {session_, seq_};
    }

private:
    mutable std::mutex mutex_;
    std::string session_;
    std::uint64_t seq_ = 0;
};

}  // namespace intent::relay
