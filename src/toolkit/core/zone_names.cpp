#include "toolkit/core/zone_names.hpp"

#include "text/ascii.hpp"
#include "toolkit/core/names.hpp"

#include <algorithm>

namespace intent::toolkit {

namespace {

constexpr std::size_t max_length = 64;  // more than any name of a zone

std::string normal(std::string_view name) {
    std::string text = text::lower_case(name);
    std::ranges::replace(text, ' ', '_');
    return text;
}

}  // namespace

std::optional<std::string> same_zone(std::string_view text, std::span<const std::string> names) {
    const std::string wanted = normal(text);
    for (const auto& name : names)
        if (normal(name) == wanted) return name;
    return std::nullopt;
}

std::optional<std::string> similar_zone(std::string_view text, std::span<const std::string> names) {
    if (text.size() > max_length) return std::nullopt;
    const std::string wanted = normal(text);
    std::optional<std::string> best;
    std::size_t best_distance = 1 + wanted.size() / 6;  // one error in short names, one more per six letters
    for (const auto& name : names) {
        const std::string whole = normal(name);
        const std::string_view place = std::string_view(whole).substr(whole.rfind('/') + 1);
        for (const std::string_view candidate : {std::string_view(whole), place}) {
            const std::size_t distance = edit_distance(wanted, candidate);
            if (distance > best_distance || distance >= candidate.size() || (best && distance == best_distance))
                continue;
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace intent::toolkit
