// What the process's surroundings say: environment variables and stop signals.
#pragma once

#include "net/loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::net {

/// A variable of the environment; none if it is not set. Threads: safe unless another thread changes the environment.
std::optional<std::string> environment_variable(const char* name);

/// Calls back for every SIGINT and SIGTERM while it lives; the signals' earlier effect is back once it is destroyed.
///
/// Threads: construct and destroy anywhere while the loop lives; `on_signal` comes on the loop's thread, and never
/// after the destructor has returned on that thread.
class SignalWaiter {
public:
    SignalWaiter(Loop& loop, std::function<void(int signal_number)> on_signal);
    ~SignalWaiter();
    SignalWaiter(const SignalWaiter&) = delete;
    SignalWaiter& operator=(const SignalWaiter&) = delete;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
