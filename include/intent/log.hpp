// Where the SDK says what it does: warnings and errors on standard error, unless another sink (or none) is given.
#pragma once

#include <memory>
#include <string_view>

namespace intent {

enum class LogLevel { trace, debug, info, warn, error };

/// One line of log. The views are valid during `LogSink::write` only. Never holds a token (protocol §1).
struct LogRecord {
    LogLevel level = LogLevel::info;
    std::string_view component;  ///< "gateway", "rest", "client"
    std::string_view text;
};

/// Takes log records. Implement it to feed the log of your program.
///
/// `write` may call the client, and may throw: the exception is dropped. A call that causes a record itself calls
/// `write` again, so a sink that acts on records should pick them.
///
/// Threads: `write` is called from any thread of the SDK, or of yours that calls the client, possibly from several at
/// once and never with a lock of the SDK held. It must not block for long: the gateway waits for it.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual bool enabled(LogLevel level) const noexcept = 0;
    virtual void write(const LogRecord& record) = 0;
};

/// Writes `2024-01-15T12:00:00.000Z info gateway: …` to standard error, from `lowest` upwards; controls as `\x1b`.
std::shared_ptr<LogSink> stderr_log(LogLevel lowest = LogLevel::info);

}  // namespace intent
