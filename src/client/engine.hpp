// What runs while a client runs: the I/O thread, the handler threads, the runners. Made at a start, torn down at a
// stop.
#pragma once

#include "client/commands.hpp"
#include "client/lanes.hpp"
#include "net/loop.hpp"
#include "run/rest_runner.hpp"
#include "run/session_runner.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace intent::client {

class ChannelFetch;

/// The order of the members is the order of destruction, backwards: first what uses the loop, then the loop.
struct Engine {
    /// `host`: the loop whose thread it shares; null: it has one of its own.
    Engine(const std::shared_ptr<net::Loop>& host, std::function<void(std::exception_ptr)> on_error);
    ~Engine();

    /// Calls `fire` after `delay` (any: 0 or less is the loop's next turn), or as soon as the engine stops, once. A
    /// number for `end_delay`; 0: it has been called. On the loop's thread.
    std::uint64_t after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire);
    /// Calls `fire` now, as cancelled, unless it has been called. On the loop's thread.
    void end_delay(std::uint64_t id);
    void cancel_delays();

    /// Ends the loop, and with it what uses it. Not on the loop's thread.
    void end();

    /// Goes on after an exception that reached the loop's edge. On the loop's thread.
    void recover();

    std::shared_ptr<Lanes> lanes;
    net::Loop loop;
    std::unique_ptr<runner::RestRunner> rest;
    std::unique_ptr<runner::SessionRunner> session;  // this and the next two: none in a RestClient of its own
    std::unique_ptr<Commands> commands;
    std::unique_ptr<ChannelFetch> channels;  // none if the channels are not fetched
    bool stopping = false;                   // of the loop's thread

private:
    struct Delay {
        std::unique_ptr<net::Timer> timer;
        std::function<void(bool)> fire;
    };
    std::map<std::uint64_t, Delay> delays_;
    std::uint64_t last_delay_ = 0;
};

}  // namespace intent::client
