// Which thread of the SDK, if any, the present code runs on.
#pragma once

#include <intent/task.hpp>

namespace intent::client {

/// Marks the present thread as one of the SDK's while it exists: code that runs there must not block on the SDK. With
/// an executor in `place`, coroutines that suspend here continue there.
///
/// Threads: one per thread, made and destroyed there.
class OwnThread {
public:
    explicit OwnThread(detail::Place place);
    ~OwnThread();
    OwnThread(const OwnThread&) = delete;
    OwnThread& operator=(const OwnThread&) = delete;

    /// Marks the present thread until it ends.
    static void mark_for_good(detail::Place place);

    static bool here() noexcept;

    /// The present thread's place; empty on threads that have none.
    static const detail::Place& place() noexcept;

private:
    detail::Place place_;
    const OwnThread* outer_;
};

}  // namespace intent::client
