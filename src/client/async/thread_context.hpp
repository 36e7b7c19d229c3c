// Which thread of the SDK, if any, the present code runs on.
#pragma once

#include <intent/task.hpp>

namespace intent::client {

/// Marks the present thread as one of the SDK's while it exists: code that runs there must not block on the SDK. With
/// an executor in `place`, coroutines that suspend here continue there.
///
/// Threads: one per thread, made and destroyed there.
class ThreadContext {
public:
    explicit ThreadContext(detail::Place place);
    ~ThreadContext();
    ThreadContext(const ThreadContext&) = delete;
    ThreadContext& operator=(const ThreadContext&) = delete;

    /// Marks the present thread until it ends.
    static void mark_for_good(detail::Place place);

    static bool here() noexcept;

    /// The present thread's place; empty on threads that have none.
    static const detail::Place& place() noexcept;

private:
    detail::Place place_;
    const ThreadContext* outer_;
};

}  // namespace intent::client
