// The event loop: one thread that owns sockets, timers and transfers.
#pragma once

#include "net/clock.hpp"

#include <functional>
#include <memory>

namespace intent::net {

class VirtualClock;

/// An event loop with its own thread. Parts of `net` that take a `Loop&` are used on its thread only and call back
/// there, unless documented otherwise. An exception that escapes a callback goes to `on_error`; the loop continues.
///
/// Threads: `post` and the functions that read the time are safe from any thread, as is `on_thread`.
class Loop {
public:
    /// `clock`: the clock of its timers; null: the system's.
    explicit Loop(std::function<void(std::exception_ptr)> on_error = {}, std::shared_ptr<VirtualClock> clock = {});
    /// A share of another loop's thread: it has its own work, errors, end and clock, but no thread. `end` destroys its
    /// remaining work on that thread.
    Loop(std::shared_ptr<Loop> host, std::function<void(std::exception_ptr)> on_error,
         std::shared_ptr<VirtualClock> clock = {});
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

    // The time of the loop's clock; see `net::now`, `time_in`, `system_now` and `random_seed`.
    Time now() const;
    Time time_in(std::chrono::milliseconds delay) const;
    std::chrono::system_clock::time_point system_now() const;
    std::uint64_t random_seed() const;
    /// Null: the system's.
    const std::shared_ptr<VirtualClock>& clock() const noexcept;

    /// For the other parts of `net`.
    struct Impl;
    struct Share;
    struct OnClock;
    Impl& impl() noexcept;

private:
    friend class Timer;
    void post_now(std::function<void()> work);

    std::unique_ptr<Impl> impl_;         // null for a share
    std::shared_ptr<Share> share_;       // set for a share only
    std::shared_ptr<OnClock> on_clock_;  // null: the system's clock
};

/// One timer. Arming replaces the earlier time. After `cancel` or destruction `fire` is never called.
class Timer {
public:
    /// `loops`: the clock of the loop. `real`: the system's clock, for deadlines that end real waits, such as for a
    /// peer's packets.
    enum class Kind { loops, real };
    explicit Timer(Loop& loop, Kind kind = Kind::loops);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void arm(Time when, std::function<void()> fire);
    void cancel();

private:
    struct Impl;
    struct Real;
    struct OnClock;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
