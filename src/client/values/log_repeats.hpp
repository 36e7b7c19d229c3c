// Counts repeated log records instead of writing them.
#pragma once

#include <intent/log.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace intent::client {

/// A machine. How to drive it: `on_record` for each record, with the current time; if it returns true, write the
/// record. Write the counts that it appends first. At the end, `finish` returns the rest.
///
/// Records are alike if their level and component are equal and their texts differ only in numbers. An interval begins
/// with a record that is like none in an interval. At most `max_kinds` intervals run at a time: the next one ends the
/// oldest, so its count is early, but never lost.
class LogRepeats {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    /// Records that were not written: the last one's text, and how many there were in which time.
    struct Count {
        LogLevel level;
        std::string component;
        std::string text;
        std::uint64_t times;
        Duration span;
    };

    /// At most `limit` alike records per interval are written. 0: no limit.
    LogRepeats(std::size_t limit, Duration interval) noexcept : limit_(limit), interval_(interval) {}

    bool on_record(Time now, const LogRecord& record, std::vector<Count>& counts);
    std::vector<Count> finish(Time now);

    static constexpr std::size_t max_kinds = 256;
    static constexpr std::size_t max_text = 1024;  ///< of a text, the part that is compared and kept

private:
    struct Kind {
        std::string key;
        Time begun;
        std::size_t written = 0;
        std::uint64_t left_out = 0;
        LogLevel level = LogLevel::info;
        std::string component = {};
        std::string text = {};
    };
    void end_oldest(Time now, std::vector<Count>& counts);

    const std::size_t limit_;
    const Duration interval_;
    std::list<Kind> kinds_;  // the oldest first
    std::unordered_map<std::string, std::list<Kind>::iterator> by_key_;
};

/// "a handler failed (repeated 41 times in 10 s)"
std::string text_of(const LogRepeats::Count& count);

}  // namespace intent::client
