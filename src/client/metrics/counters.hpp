// Counters and histograms that one thread or many write, and a scrape reads.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace intent::client {

/// A counter with one writing thread at a time, so that adding needs no locked instruction. Reading: any thread.
class OwnedCounter {
public:
    void add(std::uint64_t count = 1) noexcept { value_.store(read() + count, std::memory_order_relaxed); }
    std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// A counter that any thread may change.
class SharedCounter {
public:
    void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
    void remove(std::uint64_t count = 1) noexcept { value_.fetch_sub(count, std::memory_order_relaxed); }
    std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// A histogram of durations, from 100 µs to a minute. Threads: any.
class DurationHistogram {
public:
    using Duration = std::chrono::steady_clock::duration;

    static constexpr std::array<double, 15> bounds = {0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                      0.5,    1,     2.5,   5,    10,    30,   60};
    static constexpr std::size_t buckets = bounds.size() + 1;

    /// A negative duration counts as 0.
    void observe(Duration duration) noexcept {
        const auto time = std::max(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count(),
                                   std::chrono::nanoseconds::rep{0});
        std::size_t bucket = 0;
        while (bucket < limits.size() && time > limits[bucket])
            ++bucket;
        counts_[bucket].add();
        sum_.add(static_cast<std::uint64_t>(time));
    }

    std::array<std::uint64_t, buckets> counts() const noexcept {
        std::array<std::uint64_t, buckets> counts{};
        for (std::size_t i = 0; i < buckets; ++i)
            counts[i] = counts_[i].read();
        return counts;
    }
    double sum_in_seconds() const noexcept { return static_cast<double>(sum_.read()) / 1e9; }

private:
    /// The bounds in nanoseconds.
    static constexpr auto limits = [] {
        std::array<std::int64_t, bounds.size()> result{};
        for (std::size_t i = 0; i < bounds.size(); ++i)
            result[i] = static_cast<std::int64_t>(bounds[i] * 1e9 + 0.5);
        return result;
    }();

    std::array<SharedCounter, buckets> counts_{};
    SharedCounter sum_;
};

}  // namespace intent::client
