// What the demo shows, and what it waits for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// Something that was seen to happen.
struct Happening {
    std::string who;
    std::string what;
};

/// Prints what happens as it happens, milliseconds since the start in front, and lets the play wait for it.
///
/// Threads: safe.
class Stage {
public:
    void tell(std::string_view who, std::string_view what);

    /// Where the record stands now: `wait` looks at what comes after it.
    std::size_t now() const;

    /// True once `who` did something that begins with `what`, after `since`; false when `timeout` is over.
    bool wait(std::size_t since, std::string_view who, std::string_view what, std::chrono::milliseconds timeout);

private:
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Happening> record_;
};
