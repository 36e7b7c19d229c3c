// The pattern of a command, "roll <times> [sides=6]", and its check against the handler's parameters while compiling.
#pragma once

#include <intent/detail/command_parameter.hpp>

#include <cstddef>
#include <string_view>

namespace intent::inline v0::detail {

/// A parameter as its pattern names it.
struct PatternParameter {
    std::string_view name = {};
    std::string_view fallback = {};  ///< the text after "="; empty without a default
    bool is_required = false;        ///< in angle brackets
};

enum class PatternStep { parameter, end, malformed };

/// The name of the command: the pattern up to the first bracket, without the space before it.
constexpr std::string_view pattern_name(std::string_view pattern) noexcept {
    auto name = pattern.substr(0, pattern.find_first_of("<>[]"));
    while (!name.empty() && name.back() == ' ')
        name.remove_suffix(1);
    return name;
}

/// Reads the next parameter behind `position`, which starts at the end of the name.
constexpr PatternStep next_parameter(std::string_view pattern, std::size_t& position, PatternParameter& found) {
    const std::size_t start = position;
    while (position < pattern.size() && pattern[position] == ' ')
        ++position;
    if (position == pattern.size()) return PatternStep::end;
    if (position == start) return PatternStep::malformed;
    const char open = pattern[position];
    if (open != '<' && open != '[') return PatternStep::malformed;
    const std::size_t close = pattern.find_first_of("<>[]", position + 1);
    if (close == std::string_view::npos || pattern[close] != (open == '<' ? '>' : ']')) return PatternStep::malformed;
    const std::string_view inside = pattern.substr(position + 1, close - position - 1);
    const std::size_t equals = inside.find('=');
    found.name = inside.substr(0, equals);
    found.fallback = equals == std::string_view::npos ? std::string_view() : inside.substr(equals + 1);
    found.is_required = open == '<';
    position = close + 1;
    const bool has_empty_part = found.name.empty() || (equals != std::string_view::npos && found.fallback.empty());
    if (has_empty_part || (found.is_required && !found.fallback.empty())) return PatternStep::malformed;
    return PatternStep::parameter;
}

/// False for an empty name, a space at an end or two in a row, and quotation marks.
constexpr bool is_command_name(std::string_view name) noexcept {
    if (name.empty() || name.front() == ' ' || name.back() == ' ') return false;
    return name.find_first_of("\"\\\n\t<>[]") == std::string_view::npos && name.find("  ") == std::string_view::npos;
}

// Not constexpr: calling one of them ends a constant evaluation, and the compiler shows its name.
void the_pattern_must_begin_with_the_name_of_the_command();
void the_pattern_is_a_name_and_then_parameters_in_angle_or_square_brackets_separated_by_spaces();
void the_pattern_names_fewer_parameters_than_the_handler_takes();
void the_pattern_names_more_parameters_than_the_handler_takes();
void the_pattern_names_two_parameters_alike();
void a_parameter_in_angle_brackets_must_not_be_std_optional();
void a_parameter_in_square_brackets_must_be_std_optional_or_std_vector_or_Rest_or_have_a_default();
void a_parameter_with_a_default_must_not_be_std_optional_or_std_vector_or_Rest();
void a_required_parameter_must_not_follow_an_optional_one();
void Rest_must_be_the_last_parameter();
void a_vector_of_strings_takes_all_words_and_must_be_the_last_parameter();

consteval void check_parameter(const PatternParameter& parameter, const ParameterType& type, bool is_last) {
    using Form = ParameterType::Form;
    if (parameter.is_required) {
        if (type.form == Form::optional) a_parameter_in_angle_brackets_must_not_be_std_optional();
    } else if (parameter.fallback.empty()) {
        if (type.form == Form::single)
            a_parameter_in_square_brackets_must_be_std_optional_or_std_vector_or_Rest_or_have_a_default();
    } else if (type.form != Form::single) {
        a_parameter_with_a_default_must_not_be_std_optional_or_std_vector_or_Rest();
    }
    if (is_last) return;
    if (type.form == Form::rest) Rest_must_be_the_last_parameter();
    if (type.form == Form::many && type.read == &read_text)
        a_vector_of_strings_takes_all_words_and_must_be_the_last_parameter();
}

consteval void check_pattern(std::string_view pattern, const ParameterType* types, std::size_t count) {
    const std::string_view name = pattern_name(pattern);
    if (!is_command_name(name)) the_pattern_must_begin_with_the_name_of_the_command();
    std::size_t position = name.size();
    bool all_required = true;
    PatternParameter found;
    for (std::size_t i = 0;; ++i) {
        const PatternStep step = next_parameter(pattern, position, found);
        if (step == PatternStep::malformed)
            the_pattern_is_a_name_and_then_parameters_in_angle_or_square_brackets_separated_by_spaces();
        if (step == PatternStep::end && i < count) the_pattern_names_fewer_parameters_than_the_handler_takes();
        if (step == PatternStep::end) return;
        if (i >= count) the_pattern_names_more_parameters_than_the_handler_takes();
        check_parameter(found, types[i], i + 1 == count);
        if (found.is_required && !all_required) a_required_parameter_must_not_follow_an_optional_one();
        all_required = found.is_required;

        std::size_t earlier = name.size();
        PatternParameter other;
        for (std::size_t k = 0; k < i; ++k) {
            next_parameter(pattern, earlier, other);
            if (other.name == found.name) the_pattern_names_two_parameters_alike();
        }
    }
}

}  // namespace intent::detail
