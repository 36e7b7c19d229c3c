// A whole bot program in one call.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/program.hpp>

#include <type_traits>
#include <utility>

namespace intent::inline v0 {

/// Runs a bot with options from the environment (`options_from_env`) until SIGINT, SIGTERM or the end of the client:
///
///     int main() {
///         return intent::run([](intent::Client& client) { client.on(…); });
///     }
///
/// `setup` is called with the client before it connects. Its return value, such as an object with the bot's handlers,
/// is kept until the client has stopped, and is destroyed before the client.
///
/// SIGHUP becomes a Reload event, unless the process has a terminal; then it ends the process as usual.
///
/// If a service manager starts the program (NOTIFY_SOCKET, as systemd with `Type=notify`), it is notified of the first
/// Ready or Resumed, of a reload until its handlers have ended, of the stop, and of the connection's state. With
/// WATCHDOG_USEC, it is notified twice per period while the I/O thread and all handler threads make progress, so a
/// handler that blocks for more than half of the period counts as a hang. See docs/deploying.md.
///
/// Returns a process exit status: 2 for a ConfigError (an unset variable, a setting out of range), 1 for any other
/// exception, each with one line on stderr; otherwise the result of `Client::run`.
template <class F>
int run(F setup) {
    detail::Program program;
    detail::set_up(program, setup);
    return detail::run_program(program);
}

/// The same with more options: `configure` changes the options from the environment.
///
///     return intent::run([](intent::ClientOptions& options) { options.caches.messages = 10'000; },
///                        [](intent::Client& client) { … });
template <class Configure, class F>
requires std::is_invocable_v<Configure&, ClientOptions&>
int run(Configure configure, F setup) {
    detail::Program program;
    program.configure_context = &configure;
    program.configure = [](void* context, ClientOptions& options) { (*static_cast<Configure*>(context))(options); };
    detail::set_up(program, setup);
    return detail::run_program(program);
}

/// The same with fixed options; the environment is not read.
template <class F>
int run(const ClientOptions& options, F setup) {
    detail::Program program;
    program.options = &options;
    detail::set_up(program, setup);
    return detail::run_program(program);
}

}  // namespace intent
