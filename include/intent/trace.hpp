// Traces: which event, or which request to your program, a log line and a REST request result from.
#pragma once

#include <intent/detail/export.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

/// Identifies a trace: everything that results from one event, or from one request that your program received. REST
/// requests that are made in a trace carry it in the header `traceparent` (W3C Trace Context, version 00), and log
/// lines carry its id. See docs/logging.md.
struct INTENT_API Trace {
    std::uint64_t high = 0;  ///< the first half of the id
    std::uint64_t low = 0;   ///< the second half of the id
    bool sampled = false;    ///< the flag that asks tracing systems to record the trace

    /// True for no trace.
    bool empty() const noexcept { return (high | low) == 0; }

    /// The id, 32 lowercase hexadecimal digits; empty for no trace.
    std::string id() const;

    /// The value of a header `traceparent` for one request, with a new random span id; empty for no trace. The SDK adds
    /// it to its own requests; use this for requests of your program to other services.
    std::string traceparent() const;

    /// Compares all members.
    friend bool operator==(const Trace& a, const Trace& b) noexcept = default;
};

/// Whether each event of a client starts a trace.
enum class Tracing {
    off,      ///< no
    on,       ///< yes, not sampled: the ids connect log lines and requests, and tracing systems record nothing
    sampled,  ///< yes, and tracing systems are asked to record it
};

/// Returns a new trace with a random id.
INTENT_API Trace new_trace(bool sampled = false);

/// Reads the value of a header `traceparent`, which may come from anyone. The rules are those of W3C Trace Context:
/// lowercase hexadecimal digits, no id of zeros, not version ff; of a later version than 00, the known parts. Returns
/// no value if it is invalid; start a new trace then: `parse_traceparent(header).value_or(new_trace())`.
INTENT_API std::optional<Trace> parse_traceparent(std::string_view header) noexcept;

/// The trace of the handler or coroutine that calls it; empty if it belongs to none. A coroutine keeps the trace in
/// which it started, across every `co_await` of a task, and tasks that it starts inherit it.
INTENT_API Trace current_trace() noexcept;

namespace detail {

/// What code inherits from the event that it handles.
struct EventContext;

/// A scope guard that sets the current trace.
///
/// Threads: created and destroyed on one thread, in LIFO order.
class INTENT_API InTrace {
public:
    explicit InTrace(const Trace& trace);
    ~InTrace();
    InTrace(const InTrace&) = delete;
    InTrace& operator=(const InTrace&) = delete;

private:
    std::shared_ptr<const EventContext> before_;
};

}  // namespace detail

/// Calls `f()` in a trace and returns its result. Tasks that start in this call belong to the trace until they end:
///
///     const auto trace = intent::parse_traceparent(header).value_or(intent::new_trace());
///     co_await intent::in_trace(trace, [&] { return client.rest().create_message(channel, "deployed"); });
///
/// Errors: what `f` throws.
template <class F>
decltype(auto) in_trace(const Trace& trace, F&& f) {
    const detail::InTrace guard(trace);
    return std::forward<F>(f)();
}

}  // namespace intent
