// What a line means, without running it: for unit tests of commands.
#pragma once

#include <intent/detail/export.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// The result of `Commands::parse`. True if the line names a command and its arguments fit.
///
/// Distinct objects: safe. Shared objects: unsafe.
class INTENT_API ParsedCommand {
public:
    /// A parameter of the command and what the line has for it.
    struct Parameter {
        std::string name;                ///< as in the pattern
        std::vector<std::string> words;  ///< one; several for a vector; empty if absent
    };

    ParsedCommand() = default;
    /// The result of `Commands::parse`.
    ParsedCommand(std::string command, std::vector<Parameter> parameters, std::string error)
        : command_(std::move(command)), parameters_(std::move(parameters)), error_(std::move(error)) {}

    /// True if the line names a command and its arguments fit.
    explicit operator bool() const noexcept { return error_.empty() && !command_.empty(); }

    /// The full name of the command; empty if there is no such command.
    const std::string& command() const noexcept { return command_; }

    /// The text of an argument; the words of a vector are joined by spaces. No value if it is absent (a default counts)
    /// or the command has no such parameter.
    std::optional<std::string> argument(std::string_view name) const;

    /// All parameters in order.
    const std::vector<Parameter>& parameters() const noexcept { return parameters_; }

    /// The reply that the line would cause; empty if it fits, or if it names no command and unknown ones are ignored.
    const std::string& error() const noexcept { return error_; }

private:
    std::string command_ = {};
    std::vector<Parameter> parameters_ = {};
    std::string error_ = {};
};

}  // namespace intent
