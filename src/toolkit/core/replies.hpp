// The texts that people see: usage, faults, help.
#pragma once

#include "toolkit/core/argument_reader.hpp"
#include "toolkit/core/pattern.hpp"

#include <intent/detail/command_parameter.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

/// "roll <times> [sides=6]"; "…" marks a parameter that takes several words.
std::string usage_of(const Pattern& pattern, std::span<const detail::ParameterType> types);

/// The line with a caret under what is wrong, the reason, and the usage:
///
///     !roll 3 x
///             ^ sides: expected a whole number from 2 to 1000
///     usage: !roll <times> [sides]
///
/// Of a long line, the surroundings of the fault are shown. Active characters are escaped. The line takes at most
/// some 400 code points with its caret, and the reason at most 300.
std::string fault_text(std::string_view prefix, std::string_view line, const ArgumentFault& fault,
                       std::string_view usage);

/// Text of a person, for a reply: on one line, active characters escaped, at most `max_points` code points.
std::string quoted_text(std::string_view text, std::size_t max_points = 40);

struct HelpEntry {
    std::string section;  ///< empty: without a heading
    std::string usage;
    std::string help;
};

/// A line for each entry. Entries of a section follow their heading; those without one come first.
std::string help_list(std::string_view prefix, const std::vector<HelpEntry>& entries);

}  // namespace intent::toolkit
