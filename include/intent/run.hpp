// A whole bot program in one call.
#pragma once

#include <intent/client.hpp>

#include <type_traits>
#include <utility>

namespace intent {

namespace detail {

/// What a program is made of, without its types.
struct Program {
    const ClientOptions* options = nullptr;  ///< null: those of the environment ...
    void* configure_context = nullptr;
    void (*configure)(void* context, ClientOptions& options) = nullptr;  ///< ... changed by this, unless it is null
    void* setup_context = nullptr;
    int (*setup_and_run)(void* context, Client& client) = nullptr;
};

int run_program(const Program& program) noexcept;

template <class F>
void set_up(Program& program, F& setup) {
    static_assert(
        std::is_invocable_v<F&, Client&>,
        "intent: run takes a function with a Client& as its parameter, as in [](intent::Client& client) { … }");
    program.setup_context = &setup;
    program.setup_and_run = [](void* context, Client& client) {
        F& function = *static_cast<F*>(context);
        if constexpr (std::is_void_v<std::invoke_result_t<F&, Client&>>) {
            function(client);
            return client.run();
        } else {
            [[maybe_unused]] const auto kept = function(client);
            return client.run();
        }
    };
}

}  // namespace detail

/// Runs a bot with the options of the environment (`options_from_env`) until SIGINT, SIGTERM or an end of its own:
///
///     int main() {
///         return intent::run([](intent::Client& client) { client.on(…); });
///     }
///
/// `setup` is called with the client before it connects. What it returns, such as an object with the bot's handlers, is
/// kept until the client has stopped and is destroyed before the client.
///
/// Returns a process exit status: 2 for a ConfigError (a variable that is not set, a setting out of range), 1 for any
/// other exception, each with one line on stderr; else what `Client::run` returns.
template <class F>
int run(F setup) {
    detail::Program program;
    detail::set_up(program, setup);
    return detail::run_program(program);
}

/// The same, with more options: `configure` changes those of the environment.
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

/// The same, with options that have nothing to do with the environment.
template <class F>
int run(const ClientOptions& options, F setup) {
    detail::Program program;
    program.options = &options;
    detail::set_up(program, setup);
    return detail::run_program(program);
}

}  // namespace intent
