// The event loop: one thread that owns sockets, timers and transfers.
#pragma once

#include "net/clock.hpp"

#include <functional>
#include <memory>

namespace intent::net {

/// An event loop with its own thread. Parts of `net` that take a `Loop&` are used on its thread only and call back
/// there, unless documented otherwise. An exception that escapes a callback goes to `on_error`; the loop continues.
///
/// Threads: `post` and `on_thread` are safe from any thread.
class Loop {
public:
    explicit Loop(std::function<void(std::exception_ptr)> on_error = {});
    /// A share of another loop's thread: it has its own work, errors and end, but no thread. `end` destroys its
    /// remaining work on that thread.
    Loop(std::shared_ptr<Loop> host, std::function<void(std::exception_ptr)> on_error);
    ~Loop();  ///< stops and joins
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Starts the thread, which first runs the work posted earlier.
    void start();

    /// Runs `work` on the loop's thread, in the order of the posts. After `stop` the work is destroyed without
    /// running.
    void post(std::function<void()> work);

    bool on_thread() const noexcept;

    /// Ends the thread after the current callback, and joins it unless called on it. Idempotent. A share ends alone:
    /// when this returns, nothing posted to it runs any more.
    void stop();

    /// Whether this is a share of another loop's thread.
    bool shares() const noexcept { return share_ != nullptr; }

    /// `stop` for a share. Runs `last` before it on the thread, to destroy objects that use the loop.
    void end(const std::function<void()>& last);

    /// For the other parts of `net`.
    struct Impl;
    struct Share;
    Impl& impl() noexcept;

private:
    std::unique_ptr<Impl> impl_;    // null for a share
    std::shared_ptr<Share> share_;  // set for a share only
};

/// One timer. Arming replaces the earlier time. After `cancel` or destruction `fire` is never called.
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
