// What happens to an error of a command.
#pragma once

#include <intent/commands.hpp>
#include <intent/task.hpp>

#include <exception>
#include <vector>

namespace intent::toolkit {

/// Asks the handlers in order. Without one that takes the error, replies with its text or reports it.
///
/// Errors: only CancelledError, if the client stops.
task<> handle_failure(Context context, std::vector<detail::CommandErrorHandler> handlers, std::exception_ptr error);

}  // namespace intent::toolkit
