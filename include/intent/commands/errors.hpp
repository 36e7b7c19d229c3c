// Why a command did not run, or ended early. Each text is meant for the person who wrote the command.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent::inline v0 {

/// The base class of the refusals that a person caused. Without a handler (`on_error`), the text is sent as a reply.
class INTENT_API CommandError : public Error {
public:
    using Error::Error;
};

/// An argument is missing, is one too many, or has a wrong value. Throw it from a converter (`Argument<T>::parse`) or
/// from a command: `throw BadArgument("there is no tag of this name").at("tag")`. The reply shows the line, a caret
/// under the argument and the usage of the command.
///
/// Distinct objects: safe. Shared objects: unsafe.
class INTENT_API BadArgument : public CommandError {
public:
    using CommandError::CommandError;

    /// Returns the error with the name of the parameter that is wrong, as the pattern has it. A converter need not name
    /// it: the SDK knows its parameter.
    BadArgument at(std::string parameter) const {
        BadArgument error = *this;
        error.parameter_ = std::move(parameter);
        return error;
    }

    /// The name of the parameter; empty if the error belongs to no parameter.
    const std::string& parameter() const noexcept { return parameter_; }

private:
    std::string parameter_ = {};
};

/// A check refused the command. A check may throw it with a text of its own.
class INTENT_API CheckFailed : public CommandError {
public:
    using CommandError::CommandError;
};

/// The command was used too often (`cooldown`).
class INTENT_API OnCooldown : public CommandError {
public:
    /// `text` is the reply.
    OnCooldown(const std::string& text, std::chrono::milliseconds retry_after)
        : CommandError(text), retry_after_(retry_after) {}

    /// The time until it can be used again.
    std::chrono::milliseconds retry_after() const noexcept { return retry_after_; }

private:
    std::chrono::milliseconds retry_after_;
};

/// As many invocations as allowed are already running (`max_concurrency`).
class INTENT_API TooManyRunning : public CommandError {
public:
    using CommandError::CommandError;
};

/// The line names no command. Only reported with `CommandOptions::suggestions`, or if the line is the first part of the
/// names of several commands.
class INTENT_API UnknownCommand : public CommandError {
public:
    using CommandError::CommandError;
};

}  // namespace intent
