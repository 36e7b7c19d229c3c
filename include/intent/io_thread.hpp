// One I/O thread for many clients.
#pragma once

#include <memory>

namespace intent {

namespace detail {
struct IoThreadLoop;
}

/// A thread for the sockets, timers and REST calls of many clients in one process (`ClientOptions::io_thread`). Without
/// it each client has such a thread of its own. It is held by the clients that use it, and ends with the last of them.
///
/// With `handler_threads` 0 the handlers of all these clients run on it, one after the other.
///
/// Threads: safe.
class IoThread {
public:
    /// Starts the thread. Errors: std::system_error when the system gives none.
    IoThread();
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

private:
    friend struct detail::IoThreadLoop;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace intent
