// What exists while a client runs: its threads, its timers, its way to the REST API.
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

/// Made at a start, torn down at a stop.
///
/// Threads: the I/O thread (the loop's) where nothing else is said.
class Running {
public:
    /// `host`: the loop whose thread this one shares; null: a thread of its own.
    Running(const std::shared_ptr<net::Loop>& host, std::function<void(std::exception_ptr)> on_error);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// Both before the loop's thread starts. `end_parts` destroys what else uses the loop, on its thread or after it.
    void set_lanes(std::shared_ptr<Lanes> lanes) { lanes_ = std::move(lanes); }
    void set_parts(std::unique_ptr<RestPort> rest, std::function<void()> end_parts);

    // Threads: any.
    const std::shared_ptr<Lanes>& lanes() const noexcept { return lanes_; }
    net::Loop& loop() noexcept { return loop_; }
    RestPort& rest() noexcept { return *rest_; }

    /// Calls `fire` after `delay` (0 or less: in the loop's next turn), or as soon as the client stops, once. Returns a
    /// number for `end_delay`; 0: it has been called.
    std::uint64_t after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire);
    /// Calls `fire` now, as cancelled, unless it has been called.
    void end_delay(std::uint64_t id);

    /// The client stops: new delays end at once.
    void begin_stop() noexcept { stopping_ = true; }
    bool stopping() const noexcept { return stopping_; }
    void cancel_delays();

    /// Ends the loop, and with it what uses it. Not on the I/O thread.
    void end();

private:
    struct Delay {
        std::unique_ptr<net::Timer> timer;
        std::function<void(bool)> fire;
    };
    void end_parts();

    // The order of the members is that of their destruction, backwards: first what uses the loop, then the loop.
    std::shared_ptr<Lanes> lanes_;
    net::Loop loop_;
    std::unique_ptr<RestPort> rest_;
    std::function<void()> end_parts_;
    std::map<std::uint64_t, Delay> delays_;
    std::uint64_t last_delay_ = 0;
    bool stopping_ = false;
};

}  // namespace intent::client
