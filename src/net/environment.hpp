// Environment variables and signals of the process.
#pragma once

#include "net/loop.hpp"
#include "net/proxy.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace intent::net {

/// An environment variable; unset if it does not exist. Threads: safe unless another thread changes the environment.
std::optional<std::string> environment_variable(const char* name);

/// Whether a file descriptor is a terminal. Threads: safe.
bool is_terminal(int descriptor);

/// The proxies named by the environment, with curl's rules: `https_proxy` or `HTTPS_PROXY` for https:// and wss://,
/// `http_proxy` (lower case only, because a CGI program's HTTP_PROXY comes from its client) for http:// and ws://,
/// otherwise `all_proxy` or `ALL_PROXY`; `no_proxy` or `NO_PROXY` for the exceptions. An empty variable counts as
/// unset. Threads: as `environment_variable`.
ProxyRules proxies_from_environment();

/// Calls `on_signal` for every signal of a kind during its lifetime. The destructor restores the signals' earlier
/// handling.
///
/// Threads: construct and destroy on any thread while the loop lives. `on_signal` runs on the loop's thread, and never
/// after the destructor has returned on that thread.
class SignalWaiter {
public:
    enum class Signals {
        stop,    ///< SIGINT and SIGTERM
        reload,  ///< SIGHUP
    };
    SignalWaiter(Loop& loop, std::function<void(int signal_number)> on_signal, Signals which = Signals::stop);
    ~SignalWaiter();
    SignalWaiter(const SignalWaiter&) = delete;
    SignalWaiter& operator=(const SignalWaiter&) = delete;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
