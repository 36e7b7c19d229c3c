// Logging of the SDK: warnings and errors on standard error, unless another sink or no sink is set.
#pragma once

#include <intent/detail/export.hpp>

#include <memory>
#include <string_view>

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
    std::string_view component;       ///< "gateway", "rest", "client"
    std::string_view text;            ///< one line
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
    /// Whether lines of this level are wanted. Others are not made.
    virtual bool enabled(LogLevel level) const noexcept = 0;
    /// Takes a line.
    virtual void write(const LogRecord& record) = 0;
};

/// Writes lines like `2024-01-15T12:00:00.000Z info gateway: …` to standard error, of level `lowest` or above; control
/// bytes are escaped as `\x1b`.
INTENT_API std::shared_ptr<LogSink> stderr_log(LogLevel lowest = LogLevel::info);

}  // namespace intent
