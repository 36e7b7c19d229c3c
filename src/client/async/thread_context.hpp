// The SDK thread, if any, that the current code runs on.
#pragma once

#include <intent/task.hpp>

namespace intent::client {

/// A scope guard that marks the current thread as one of the SDK's: code that runs on it must not block on the SDK. If
/// `place` has an executor, coroutines that suspend here continue there.
///
/// Threads: created and destroyed on the same thread.
class ThreadContext {
public:
    explicit ThreadContext(detail::Place place);
    /// The same with a place that outlives the mark: costs no reference count.
    explicit ThreadContext(const detail::Place* place) noexcept;
    ~ThreadContext();
    ThreadContext(const ThreadContext&) = delete;
    ThreadContext& operator=(const ThreadContext&) = delete;

    /// Marks the current thread until it ends.
    static void mark_for_good(detail::Place place);

    static bool here() noexcept;

    /// The current thread's place; empty on threads without one.
    static const detail::Place& place() noexcept;

private:
    const detail::Place own_;
    const detail::Place* const place_;
    const ThreadContext* outer_;
};

}  // namespace intent::client
