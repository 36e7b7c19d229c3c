// Logging of the SDK: warnings and errors on standard error, unless another sink or no sink is set.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0 {

/// How important a log line is, in ascending order.
enum class LogLevel {
    trace,  ///< each step
    debug,  ///< what explains a decision
    info,   ///< what an operator wants to know
    warn,   ///< what may need attention
    error,  ///< what has failed
};

/// A log line. The views are valid only during `LogSink::write`. It never contains a token (protocol §1).
struct LogRecord {
    LogLevel level = LogLevel::info;  ///< how important it is
    std::string_view component;       ///< "gateway", "rest", "client", "settings", "sandbox", "relay"
    std::string_view text;            ///< one line
    std::string_view trace = {};      ///< id of the trace that it belongs to (`Trace::id`); empty: none
};

/// Receives log records. Implement it to forward them to your program's log.
///
/// `write` may call the client and may throw; its exception is ignored. A call that logs leads to another `write`, so a
/// sink that acts on records should filter them.
///
/// Threads: `write` is called from any thread of the SDK, and from your threads that call the client, possibly
/// concurrently and never with a lock of the SDK held. It must not block for long, because the gateway waits for it.
class INTENT_API LogSink {
public:
    virtual ~LogSink() = default;
    /// Whether lines of this level and component are wanted. Others are not written.
    virtual bool enabled(LogLevel level, std::string_view component) const noexcept = 0;
    /// Takes a line.
    virtual void write(const LogRecord& record) = 0;
};

/// The lowest level of a component.
struct ComponentLevel {
    std::string component;             ///< as LogRecord::component
    LogLevel lowest = LogLevel::info;  ///< lines below it are not written
};

/// Which lines are wanted.
struct INTENT_API LogLevels {
    LogLevel lowest = LogLevel::info;             ///< of components that are not listed
    std::vector<ComponentLevel> components = {};  ///< the last entry of a component counts

    /// Whether lines of this level and component are wanted.
    bool enabled(LogLevel level, std::string_view component) const noexcept;
};

/// Reads levels from a text such as `warn,gateway=debug,rest=info`: a level for all components, and levels of single
/// ones, in any order. Levels are trace, debug, info, warn and error; components are client, gateway, rest, settings,
/// sandbox, relay, and those of your bot: `bot` and names that begin with `bot.`. `lowest` applies to components that
/// the text does not mention.
///
/// Errors: ConfigError that names the first part that is not understood, and what is allowed.
INTENT_API LogLevels parse_log_levels(std::string_view text, LogLevel lowest = LogLevel::warn);

/// How lines are written.
enum class LogFormat {
    automatic,  ///< logfmt if standard error is a terminal, otherwise JSON
    logfmt,     ///< `time=2024-01-15T12:00:00.000Z level=info component=gateway msg="ready"`
    json,       ///< an object per line: `{"time":"2024-01-15T12:00:00.000Z","level":"info",…}`
};

/// Reads a format: automatic, logfmt or json.
///
/// Errors: ConfigError that quotes the text and lists the formats.
INTENT_API LogFormat parse_log_format(std::string_view text);

/// Settings of `stderr_log`.
struct LogOptions {
    LogLevels levels = {};                    ///< which lines are written
    LogFormat format = LogFormat::automatic;  ///< how they are written
    /// Maximum number of lines per `repeat_interval` that have the same level and component, and whose texts differ
    /// only in numbers. Further ones are counted, and the count is written after the interval: "… (repeated 41 times in
    /// 10 s)". 0: no limit.
    std::size_t repeat_limit = 10;
    /// 1 ms to 24 h.
    std::chrono::milliseconds repeat_interval = std::chrono::seconds(10);
};

/// Writes lines to standard error; docs/logging.md describes the formats. On a terminal, levels have colours unless
/// NO_COLOR is set. Control characters and bytes that are not UTF-8 are escaped or replaced, and long texts are cut. A
/// count of repeated lines is written with the next line after the interval, at the latest when the sink is destroyed.
///
/// Errors: ConfigError for a `repeat_interval` out of range.
INTENT_API std::shared_ptr<LogSink> stderr_log(const LogOptions& options);
/// The same with default options and this lowest level.
INTENT_API std::shared_ptr<LogSink> stderr_log(LogLevel lowest = LogLevel::info);

}  // namespace intent
