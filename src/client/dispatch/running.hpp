// The parts that exist while a client runs: threads, timers, REST port.
#pragma once

#include "client/async/rest_port.hpp"
#include "client/dispatch/lanes.hpp"
#include "net/loop.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace intent::client {

/// Created at a start, destroyed at a stop.
///
/// Threads: the I/O thread (the loop's) unless stated otherwise.
class Running {
public:
    /// `host`: the loop with the thread to share; null: an own thread. `clock`: of all timers; null: the system's.
    Running(const std::shared_ptr<net::Loop>& host, std::function<void(std::exception_ptr)> on_error,
            std::shared_ptr<net::VirtualClock> clock = {});
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// Both are called before the loop's thread starts. `end_parts` destroys everything else that uses the loop, on its
    /// thread or after it.
    void set_lanes(std::shared_ptr<Lanes> lanes) { lanes_ = std::move(lanes); }
    void set_parts(std::unique_ptr<RestPort> rest, std::function<void()> end_parts);

    // Threads: any.
    const std::shared_ptr<Lanes>& lanes() const noexcept { return lanes_; }
    net::Loop& loop() noexcept { return loop_; }
    RestPort& rest() noexcept { return *rest_; }

    /// A delay that ends only when the client stops.
    static constexpr auto no_limit = std::chrono::milliseconds::max();

    /// Calls `fire` once, after `delay` (0 or less: in the loop's next turn) or as soon as the client stops. Returns a
    /// number for `end_delay`; 0: it was already called. Cost: O(log n) of n delays.
    std::uint64_t after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire,
                        net::Timer::Kind kind = net::Timer::Kind::loops);
    /// The same at a time of that clock; `net::Time::max()`: only when the client stops.
    std::uint64_t at(net::Time when, std::function<void(bool cancelled)> fire,
                     net::Timer::Kind kind = net::Timer::Kind::loops);
    /// Calls `fire` now, as cancelled, unless it was already called.
    void end_delay(std::uint64_t id);

    /// The client stops: new delays end at once.
    void begin_stop() noexcept { stopping_ = true; }
    bool stopping() const noexcept { return stopping_; }
    void cancel_delays();

    /// Ends the loop and everything that uses it. Not on the I/O thread.
    void end();

private:
    struct Delay {
        std::unique_ptr<net::Timer> timer;  // null: no limit
        std::function<void(bool)> fire;
    };
    void end_parts();

    // Members are destroyed in reverse order: first everything that uses the loop, then the loop.
    std::shared_ptr<Lanes> lanes_;
    net::Loop loop_;
    std::unique_ptr<RestPort> rest_;
    std::function<void()> end_parts_;
    std::map<std::uint64_t, Delay> delays_;
    std::uint64_t last_delay_ = 0;
    bool stopping_ = false;
};

}  // namespace intent::client
