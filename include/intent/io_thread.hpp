// An I/O thread that several clients share.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/owned.hpp>

namespace intent::inline v0 {

namespace detail {
struct IoThreadLoop;
}

/// A thread for the sockets, timers and REST calls of several clients in one process (`ClientOptions::io_thread`).
/// Without it, each client has its own. The clients keep it alive; it ends with the last of them.
///
/// With `handler_threads` 0, the handlers of all these clients run on it, one after the other.
///
/// Threads: safe.
class INTENT_API IoThread {
public:
    /// Starts the thread. Errors: std::system_error if the thread cannot be created.
    IoThread();
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

private:
    friend struct detail::IoThreadLoop;
    struct Impl;
    detail::Owned<Impl> impl_;
};

}  // namespace intent
