#include "client/values/line_log.hpp"

#include <intent/errors.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace intent::client {

namespace {

std::chrono::milliseconds checked(std::chrono::milliseconds interval) {
    if (interval < std::chrono::milliseconds(1) || interval > std::chrono::hours(24)) {
        throw ConfigError("LogOptions::repeat_interval: " + std::to_string(interval.count()) +
                          " ms; must be 1 ms to 24 h");
    }
    return interval;
}

}  // namespace

LineLog::LineLog(const LogOptions& options, Output output, Clock clock)
    : levels_(options.levels),
      output_(std::move(output)),
      clock_(std::move(clock)),
      repeats_(options.repeat_limit, checked(options.repeat_interval)) {}

LineLog::~LineLog() {
    try {
        const std::string rest = lines(repeats_.finish(clock_.now()));
        if (!rest.empty()) output_.write(rest);
    } catch (...) {  // out of memory
    }
}

void LineLog::write(const LogRecord& record) {
    std::vector<LogRepeats::Count> counts;
    bool written = false;
    {
        const std::lock_guard lock(mutex_);
        written = repeats_.on_record(clock_.now(), record, counts);
    }
    if (!written && counts.empty()) return;
    std::string text = lines(counts);
    if (written) text += line(record);
    output_.write(text);
}

std::string LineLog::line(const LogRecord& record) const {
    const auto now = clock_.wall_time();
    return output_.format == LogFormat::logfmt ? logfmt_line(now, record, output_.colours) : json_line(now, record);
}

std::string LineLog::lines(const std::vector<LogRepeats::Count>& counts) const {
    std::string out;
    for (const auto& count : counts) {
        const std::string text = text_of(count);
        out += line({.level = count.level, .component = count.component, .text = text});
    }
    return out;
}

}  // namespace intent::client
