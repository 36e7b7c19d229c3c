#include "toolkit/core/pattern.hpp"

#include <intent/detail/command_pattern.hpp>

#include <cstddef>
#include <utility>

namespace intent::toolkit {

std::optional<Pattern> parse_pattern(std::string_view text) {
    const std::string_view name = detail::pattern_name(text);
    if (!detail::is_command_name(name)) return std::nullopt;
    Pattern pattern{std::string(name)};
    std::size_t position = name.size();
    detail::PatternParameter found;
    for (;;) {
        switch (detail::next_parameter(text, position, found)) {
            case detail::PatternStep::malformed:
                return std::nullopt;
            case detail::PatternStep::end:
                return pattern;
            case detail::PatternStep::parameter:
                break;
        }
        Parameter parameter{std::string(found.name), {}, found.is_required};
        if (!found.fallback.empty()) parameter.fallback = found.fallback;
        pattern.parameters.push_back(std::move(parameter));
    }
}

}  // namespace intent::toolkit
