// The parts of a bot program.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/export.hpp>

#include <type_traits>

namespace intent::inline v0::detail {

/// The type-erased parts of a program.
struct INTENT_API Program {
    const ClientOptions* options = nullptr;  ///< null: options from the environment ...
    void* configure_context = nullptr;
    void (*configure)(void* context, ClientOptions& options) = nullptr;  ///< ... changed by this, unless it is null
    void* setup_context = nullptr;
    int (*setup_and_run)(void* context, Client& client) = nullptr;
    const void* other_options = nullptr;
    /// Creates the client of another component from `other_options`, and calls `setup_and_run`. Null: a Client.
    int (*run_other)(const Program& program) = nullptr;

    /// As `Client::run`, with reloads and notifications of the service manager.
    static int run(Client& client);
};

INTENT_API int run_program(const Program& program) noexcept;

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
            return Program::run(client);
        } else {
            [[maybe_unused]] const auto kept = function(client);
            return Program::run(client);
        }
    };
}

}  // namespace intent::detail
