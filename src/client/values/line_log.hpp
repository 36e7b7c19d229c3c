// The sink behind `stderr_log`.
#pragma once

#include "client/values/log_lines.hpp"
#include "client/values/log_repeats.hpp"

#include <intent/clock.hpp>
#include <intent/log.hpp>

#include <functional>
#include <mutex>
#include <string_view>

namespace intent::client {

/// Writes records as lines, with the levels and the limit of repeats of its options.
class LineLog final : public LogSink {
public:
    /// Where lines go: `write` takes one or more whole lines and must not throw.
    struct Output {
        std::function<void(std::string_view lines)> write;
        LogFormat format = LogFormat::json;  ///< not automatic
        Colours colours = Colours::off;      ///< of logfmt
    };

    /// Errors: ConfigError for an option out of range.
    LineLog(const LogOptions& options, Output output, Clock clock = {});
    ~LineLog() override;

    bool enabled(LogLevel level, std::string_view component) const noexcept override {
        return levels_.enabled(level, component);
    }
    void write(const LogRecord& record) override;

private:
    std::string line(const LogRecord& record) const;
    std::string lines(const std::vector<LogRepeats::Count>& counts) const;

    const LogLevels levels_;
    const Output output_;
    const Clock clock_;
    std::mutex mutex_;
    LogRepeats repeats_;
};

}  // namespace intent::client
