#include "sandbox/rest/path_arguments.hpp"

#include "sandbox/base/problem.hpp"
#include "text/percent.hpp"

#include <intent/snowflake.hpp>

#include <stdexcept>

namespace intent::inline v0::sandbox {
namespace {

std::logic_error missing(std::string_view name) {
    return std::logic_error("this route's path has no {" + std::string(name) + "}");
}

}  // namespace

void PathArguments::add(std::string_view name, std::string_view text) {
    if (!name.ends_with("_id")) {
        texts_.emplace_back(name, text::percent_decode(text, true));
        return;
    }
    const auto id = parse_snowflake(text);
    if (!id) throw invalid(name, "not a snowflake (decimal digits, at most 64 bits)");
    add(name, *id);
}

std::optional<std::uint64_t> PathArguments::find_id(std::string_view name) const {
    for (const auto& [known, id] : ids_)
        if (known == name) return id;
    return std::nullopt;
}

std::uint64_t PathArguments::id(std::string_view name) const {
    const auto found = find_id(name);
    if (!found) throw missing(name);
    return *found;
}

const std::string& PathArguments::text(std::string_view name) const {
    for (const auto& [known, text] : texts_)
        if (known == name) return text;
    throw missing(name);
}

}  // namespace intent::sandbox
