// Calls the user's log sink and ignores its exceptions.
#pragma once

#include <intent/log.hpp>
#include <intent/trace.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace intent::client {

/// Writes to a sink that may throw and may call the client: never call this with a lock held.
///
/// Threads: safe, if the sink is.
class GuardedLog {
public:
    explicit GuardedLog(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {}

    void operator()(LogLevel level, std::string_view component, std::string_view text,
                    const Trace& trace = current_trace()) const noexcept {
        try {
            if (!sink_ || !sink_->enabled(level, component)) return;
            const std::string id = trace.id();
            sink_->write({level, component, text, id});
        } catch (...) {  // a failing log must not stop the client
        }
    }

private:
    std::shared_ptr<LogSink> sink_;
};

}  // namespace intent::client
