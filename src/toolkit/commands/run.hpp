// From a message to a command that runs, and to what happens if it fails.
#pragma once

#include "toolkit/commands/command_set.hpp"

#include <intent/commands/context.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/message.hpp>
#include <intent/task.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace intent::toolkit {

/// Runs the command of a message, if it is one.
///
/// Errors: what the bot's filter or its coroutine for prefixes throws; CancelledError if the client stops.
task<> run_message(std::shared_ptr<detail::CommandSet> set, Message message);

/// A converted word, or why it is refused.
struct Converted {
    detail::CommandValue value = {};
    std::optional<std::string> refusal = {};
};

/// Reads a word of any type. Errors: those of looking it up.
task<Converted> convert(Context context, const detail::ParameterType* type, std::string text);

/// Reads a word of a type that needs no client; returns the reason if it is refused.
std::optional<std::string> read_word(const detail::ParameterType& type, std::string_view text,
                                     detail::CommandValue& value);

}  // namespace intent::toolkit
