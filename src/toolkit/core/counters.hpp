// How often commands were used, and how many are running. Time comes in from outside.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace intent::toolkit {

using Time = std::chrono::steady_clock::time_point;

/// At most a number of uses in every span of a given length, separately for each key.
///
/// A key without a use in the last span is forgotten within the next two, so that memory follows the current users.
class Cooldown {
public:
    /// `uses` at least 1, `span` above 0.
    Cooldown(std::size_t uses, std::chrono::milliseconds span) : uses_(uses), span_(span) {}

    /// The time until the next use is possible; 0 if it is now.
    std::chrono::milliseconds wait(Time now, std::uint64_t key) const;

    /// Records a use; `wait` must be 0.
    void take(Time now, std::uint64_t key);

    std::size_t keys() const noexcept { return used_.size(); }

private:
    void forget_old(Time now);

    std::size_t uses_;
    std::chrono::milliseconds span_;
    std::unordered_map<std::uint64_t, std::deque<Time>> used_ = {};
    Time next_sweep_ = {};
};

/// At most a number of running invocations, separately for each key.
class RunningLimit {
public:
    explicit RunningLimit(std::size_t max) : max_(max) {}

    bool is_full(std::uint64_t key) const;
    void begin(std::uint64_t key) { ++running_[key]; }
    void end(std::uint64_t key);

    std::size_t keys() const noexcept { return running_.size(); }

private:
    std::size_t max_;
    std::unordered_map<std::uint64_t, std::size_t> running_ = {};
};

}  // namespace intent::toolkit
