// The types of parameters that are read without a client.
#include "text/ascii.hpp"
#include "toolkit/core/durations.hpp"

#include <intent/detail/command_parameter.hpp>
#include <intent/snowflake.hpp>

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace intent::inline v0::detail {

namespace {

/// Reads a number that is all of `text`; a plus sign may precede it.
template <class T>
bool read_number(std::string_view text, T& value) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && last == end;
}

template <class T>
bool read_finite(std::string_view text, CommandValue& value) {
    T number = 0;
    if (!read_number(text, number) || !std::isfinite(number)) return false;
    value.real = static_cast<double>(number);
    return true;
}

}  // namespace

bool read_integer(const ParameterType& type, std::string_view text, CommandValue& value) {
    if (!type.is_unsigned)
        return read_number(text, value.integer) && value.integer >= type.low && value.integer <= type.high;
    std::uint64_t number = 0;
    if (!read_number(text, number) || number > static_cast<std::uint64_t>(type.high)) return false;
    value.integer = static_cast<std::int64_t>(number);
    return true;
}

std::string expects_integer(const ParameterType& type) {
    const auto high =
        type.is_unsigned ? std::to_string(static_cast<std::uint64_t>(type.high)) : std::to_string(type.high);
    return "a whole number from " + std::to_string(type.low) + " to " + high;
}

bool read_real(const ParameterType&, std::string_view text, CommandValue& value) {
    return read_finite<double>(text, value);
}
bool read_float(const ParameterType&, std::string_view text, CommandValue& value) {
    return read_finite<float>(text, value);
}
std::string expects_real(const ParameterType&) { return "a number such as 2.5"; }

bool read_bool(const ParameterType&, std::string_view text, CommandValue& value) {
    for (const std::string_view word : {"yes", "y", "true", "on", "1"}) {
        if (text::equals_ignoring_case(text, word)) return value.integer = 1, true;
    }
    for (const std::string_view word : {"no", "n", "false", "off", "0"}) {
        if (text::equals_ignoring_case(text, word)) return value.integer = 0, true;
    }
    return false;
}
std::string expects_bool(const ParameterType&) { return "yes or no"; }

bool read_duration(const ParameterType& type, std::string_view text, CommandValue& value) {
    const auto time = toolkit::parse_duration(text);
    if (!time || time->count() % type.low != 0) return false;
    value.integer = time->count();
    return true;
}
std::string expects_duration(const ParameterType& type) {
    if (type.low <= 1'000) return "a time such as 2h30m or 10s";
    return "a time such as 2h30m, in steps of " + toolkit::describe_time(std::chrono::milliseconds(type.low));
}

bool read_text(const ParameterType&, std::string_view text, CommandValue& value) { return value.text = text, true; }
std::string expects_text(const ParameterType&) { return "text"; }

bool read_id(const ParameterType&, std::string_view text, CommandValue& value) {
    const auto id = parse_snowflake(text);
    value.integer = static_cast<std::int64_t>(id.value_or(0));
    return value.integer != 0;
}
std::string expects_id(const ParameterType&) { return "an id (decimal digits)"; }

bool same_choice(std::string_view name, std::string_view text) noexcept {
    return text::equals_ignoring_case(name, text);
}

std::string list_choices(const std::string_view* names, std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) list += i + 1 == count ? " or " : ", ";
        list += names[i];
    }
    return list;
}

}  // namespace intent::detail
