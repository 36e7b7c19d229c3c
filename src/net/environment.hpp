// What the process's surroundings say: environment variables and stop signals.
#pragma once

#include "net/loop.hpp"
#include "net/proxy.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::net {

/// A variable of the environment; none if it is not set. Threads: safe unless another thread changes the environment.
std::optional<std::string> environment_variable(const char* name);

/// The proxies that the environment names, as curl reads it: `https_proxy` or `HTTPS_PROXY` for https:// and wss://,
/// `http_proxy` (lower case alone, because a CGI program's HTTP_PROXY comes from its client) for http:// and ws://,
/// else `all_proxy` or `ALL_PROXY`; `no_proxy` or `NO_PROXY` for the exceptions. An empty variable counts as unset.
/// Threads: as `environment_variable`.
ProxyRules proxies_from_environment();

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
