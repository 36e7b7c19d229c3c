// What code inherits from the event that it handles: its trace, its delivery, and the keys of its requests.
#pragma once

#include <intent/delivery.hpp>
#include <intent/detail/task_state.hpp>
#include <intent/trace.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace intent::inline v0::detail {

/// Shared by the queued events, the handlers and the coroutines that result from one dispatch. Null stands for the
/// default, which is what almost every event has, so that events cost nothing for it.
///
/// Threads: safe.
struct EventContext {
    Trace trace = {};
    Delivery delivery = {};
    std::string key = {};  ///< of the event, or of a handler's call for it; empty: requests have no idempotency key
    mutable std::atomic<std::uint32_t> requests = 0;

    EventContext() = default;
    explicit EventContext(const Trace& of) : trace(of) {}
    EventContext(const Trace& of, const Delivery& how, std::string name)
        : trace(of), delivery(how), key(std::move(name)) {}

    /// The key of the next request: "mc:123.2.1" for the first of the handler 2. Empty if there are none.
    std::string next_request() const {
        return key.empty() ? std::string() : key + '.' + std::to_string(1 + requests.fetch_add(1));
    }
};

}  // namespace intent::detail

namespace intent::client {

using ContextRef = std::shared_ptr<const detail::EventContext>;

/// The context of code that leaves `outer` for another trace, which may be empty.
inline ContextRef context_of(const Trace& trace, const ContextRef& outer = {}) {
    if (outer && (!outer->key.empty() || outer->delivery != Delivery{}))
        return std::make_shared<const detail::EventContext>(trace, outer->delivery, outer->next_request());
    return trace.empty() ? nullptr : std::make_shared<const detail::EventContext>(trace);
}

inline Trace trace_of(const ContextRef& context) noexcept { return context ? context->trace : Trace{}; }

}  // namespace intent::client
