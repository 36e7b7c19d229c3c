// The event loop: one thread that owns sockets, timers and transfers.
#pragma once

#include "net/clock.hpp"

#include <functional>
#include <memory>

namespace intent::net {

/// An event loop with a thread of its own. The parts of `net` that take a `Loop&` are used and call back on its thread
/// only, unless they say otherwise. An exception that escapes a callback goes to `on_error`; the loop goes on.
///
/// Threads: `post` and `on_thread` are safe from any thread.
class Loop {
public:
    explicit Loop(std::function<void(std::exception_ptr)> on_error = {});
    ~Loop();  ///< stops and joins
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Starts the thread. Work posted before runs then.
    void start();

    /// Runs `work` on the loop's thread, in the order of the posts. After `stop` it is dropped unrun (and destroyed).
    void post(std::function<void()> work);

    bool on_thread() const noexcept;

    /// Ends the thread after the callback that runs now; joins it unless called on it. Idempotent.
    void stop();

    /// For the other parts of `net`.
    struct Impl;
    Impl& impl() noexcept { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

/// One timer. Arming again replaces the earlier time; after `cancel` or destruction `fire` is never called.
class Timer {
public:
    explicit Timer(Loop& loop);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void arm(Time when, std::function<void()> fire);
    void cancel();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
