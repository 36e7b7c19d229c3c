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
    /// A share of another loop's thread: its own work, errors and end, but no thread of its own. What it runs is
    /// destroyed in `end`, on that thread.
    Loop(std::shared_ptr<Loop> host, std::function<void(std::exception_ptr)> on_error);
    ~Loop();  ///< stops and joins
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Starts the thread. Work posted before runs then.
    void start();

    /// Runs `work` on the loop's thread, in the order of the posts. After `stop` it is dropped unrun (and destroyed).
    void post(std::function<void()> work);

    bool on_thread() const noexcept;

    /// Ends the thread after the callback that runs now; joins it unless called on it. Idempotent. A share ends alone:
    /// when this returns, nothing that was posted to it runs any more.
    void stop();

    /// Does it share another's thread?
    bool shares() const noexcept { return share_ != nullptr; }

    /// `stop` for a share, with `last` run before it on the thread, where what uses the loop can be destroyed.
    void end(const std::function<void()>& last);

    /// For the other parts of `net`.
    struct Impl;
    struct Share;
    Impl& impl() noexcept;

private:
    std::unique_ptr<Impl> impl_;    // none of a share
    std::shared_ptr<Share> share_;  // of a share alone
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
