// The output of the demo, and the waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// An observed event.
struct Happening {
    std::string who;
    std::string what;
};

/// Prints events with the milliseconds since the start, and lets the demo wait for them.
///
/// Threads: safe.
class Stage {
public:
    void print(std::string_view who, std::string_view what);

    /// The current position in the record: `wait` looks only at later entries.
    std::size_t now() const;

    /// Waits until `who` did something that begins with `what`, after `since`; returns false at the timeout.
    bool wait(std::size_t since, std::string_view who, std::string_view what, std::chrono::milliseconds timeout);

private:
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Happening> record_;
};
