// How commands report their ends to the metrics of their client.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>

#include <cstdint>
#include <string_view>

namespace intent::inline v0::detail {

/// How an invocation of a command ended.
enum class CommandOutcome : std::uint8_t {
    ok,         ///< the function of the command returned
    refused,    ///< a CommandError: a check, a cooldown, an argument
    failed,     ///< any other exception
    cancelled,  ///< the client stopped, or the module was unloaded
    unknown,    ///< the message named no command
};

/// Counts an invocation. `command` is the registered name, never text of a user; empty for an unknown command. Does
/// nothing if the client is gone or collects no metrics.
///
/// Threads: any.
INTENT_API void count_command(const ClientRef& client, std::string_view command, CommandOutcome outcome,
                              std::chrono::steady_clock::duration took) noexcept;

}  // namespace intent::detail
