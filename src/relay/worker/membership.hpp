// Which workers of an application live, and which partitions each of them should own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::relay {

/// A machine: the list of workers that all workers of an application keep in one key. Each increases its own counter;
/// one whose counter stands still for `lifetime` is removed. Times are those of each worker's own clock.
///
/// How to drive it: read the key every `period` and write what `on_read` returns, if the key still has the revision
/// that was read. Do so soon after a conflict. `leave` returns the last text to write.
class Membership {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Membership(std::string self) : self_(std::move(self)) {}

    std::string on_read(Time now, std::string_view text);
    /// What was written last is stored.
    void on_written() { joined_ = true; }
    /// The list without this worker.
    std::string leave(std::string_view text) const;

    /// All workers that live, sorted; without this one before its first `on_written`.
    std::vector<std::string> members() const;

    static constexpr std::chrono::milliseconds period{2'000};
    static constexpr std::chrono::milliseconds lifetime{10'000};
    static constexpr std::size_t max_members = 256;

private:
    struct Seen {
        std::uint64_t beat = 0;
        Time since{};
    };
    std::string self_;
    std::uint64_t beat_ = 0;
    bool joined_ = false;
    std::map<std::string, Seen> others_;
};

/// For each partition the worker that should own it. Every worker gets the same number of partitions, or one more; a
/// worker that joins or leaves moves few others. All workers compute the same from the same members.
std::vector<std::string> assign(const std::vector<std::string>& members, unsigned partitions);

}  // namespace intent::relay
