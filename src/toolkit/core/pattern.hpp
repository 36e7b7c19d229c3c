// The pattern of a command, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

struct Parameter {
    std::string name;
    std::optional<std::string> fallback = {};  ///< the default, as text
    bool is_required = false;
};

struct Pattern {
    std::string name;  ///< words with one space between them
    std::vector<Parameter> parameters = {};
};

/// Takes a pattern apart: "roll <times> [sides=6]". No value if it is malformed.
std::optional<Pattern> parse_pattern(std::string_view text);

}  // namespace intent::toolkit
