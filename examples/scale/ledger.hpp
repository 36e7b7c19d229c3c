// What the workers have done with each message.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

/// Counts by the messages' numbers.
///
/// Threads: safe.
class Ledger {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Message {
        int handled = 0;   ///< handlers that have ended
        int unknown = 0;   ///< of them, those that do not know whether their answer was posted
        int attempts = 0;  ///< the largest number of an attempt
        Time first_end = {};
    };

    /// A line of a worker: "ends 17 1".
    void add(const std::string& line);

    /// Waits until the messages 1 to `count` are handled; false at the timeout.
    bool wait_handled(int count, std::chrono::seconds timeout);

    /// When the first of the messages after `number` was handled.
    std::optional<Time> first_after(int number) const;

    std::map<int, Message> all() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<int, Message> messages_;
};
