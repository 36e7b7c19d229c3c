// How a parameter of a command is read, and what reading gives.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0 {

class Context;

}  // namespace intent

namespace intent::inline v0::detail {

/// A converted word. The type of the parameter determines which member counts.
struct CommandValue {
    std::int64_t integer = 0;  ///< the bits of unsigned numbers and ids; 0 or 1 for bool; milliseconds for times
    double real = 0;
    std::string text = {};
    std::shared_ptr<void> object = {};  ///< a structure, or a type of the bot
};

/// The values of each parameter.
using CommandValues = std::vector<std::vector<CommandValue>>;

/// How the words of a parameter are read.
struct ParameterType {
    enum class Form : std::uint8_t { single, optional, many, rest };

    bool known = false;  ///< false: no such type is known
    Form form = Form::single;
    bool is_unsigned = false;  ///< `low` and `high` are the bits of unsigned numbers
    std::int64_t low = 0;      ///< the minimum of a whole number, or the unit of a time in milliseconds
    std::int64_t high = 0;     ///< the maximum of a whole number
    /// What is expected, to complete a sentence: "a whole number from 1 to 6".
    std::string (*expects)(const ParameterType& type) = nullptr;
    /// Reads a word; false if it is not valid. Null for a type that `resolve` looks up.
    bool (*read)(const ParameterType& type, std::string_view text, CommandValue& value) = nullptr;
    /// Looks a word up. Errors: BadArgument.
    task<CommandValue> (*resolve)(Context context, std::string text) = nullptr;
};

// The types that need no client. Defined in the library.
INTENT_API bool read_integer(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_real(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_float(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_bool(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_duration(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_text(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_id(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API bool read_time_of_day(const ParameterType& type, std::string_view text, CommandValue& value);
/// Errors: BadArgument for a misspelt zone, with the most similar one.
INTENT_API bool read_time_zone(const ParameterType& type, std::string_view text, CommandValue& value);
INTENT_API std::string expects_integer(const ParameterType& type);
INTENT_API std::string expects_real(const ParameterType& type);
INTENT_API std::string expects_bool(const ParameterType& type);
INTENT_API std::string expects_duration(const ParameterType& type);
INTENT_API std::string expects_text(const ParameterType& type);
INTENT_API std::string expects_id(const ParameterType& type);
INTENT_API std::string expects_time_of_day(const ParameterType& type);
INTENT_API std::string expects_time_zone(const ParameterType& type);

// Structures of the platform.
INTENT_API task<CommandValue> resolve_member(Context context, std::string text);
INTENT_API task<CommandValue> resolve_user(Context context, std::string text);
INTENT_API task<CommandValue> resolve_channel(Context context, std::string text);
INTENT_API task<CommandValue> resolve_role(Context context, std::string text);
INTENT_API task<CommandValue> resolve_server(Context context, std::string text);
INTENT_API task<CommandValue> resolve_message(Context context, std::string text);
INTENT_API std::string expects_member(const ParameterType& type);
INTENT_API std::string expects_user(const ParameterType& type);
INTENT_API std::string expects_channel(const ParameterType& type);
INTENT_API std::string expects_role(const ParameterType& type);
INTENT_API std::string expects_server(const ParameterType& type);
INTENT_API std::string expects_message(const ParameterType& type);

/// True if two names are equal, without regard to the case of ASCII letters.
INTENT_API bool same_choice(std::string_view name, std::string_view text) noexcept;
/// "heads, tails or edge"
INTENT_API std::string list_choices(const std::string_view* names, std::size_t count);

/// The type with another form; unknown if it already has one of its own.
constexpr ParameterType with_form(ParameterType type, ParameterType::Form form) {
    if (type.form != ParameterType::Form::single) type.known = false;
    type.form = form;
    return type;
}

}  // namespace intent::detail
