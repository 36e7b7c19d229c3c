// A timer that any thread sets.
#pragma once

#include "net/loop.hpp"

#include <functional>
#include <memory>

namespace intent::relay::broker {

/// Calls a function on the loop's thread at the earliest of the times that were set since its last call.
///
/// Threads: safe.
class Alarm {
public:
    Alarm(net::Loop& loop, std::function<void()> ring);
    ~Alarm();  ///< a call that has begun may still run
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void set(net::Time when);

private:
    struct State;
    net::Loop& loop_;
    std::shared_ptr<State> state_;
};

}  // namespace intent::relay::broker
