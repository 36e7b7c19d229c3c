// The arguments in the path of a request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// The values of the `{names}` of a pattern in a path. A name that ends in `_id` is of an id, any other of a text.
///
/// Lifetime: keeps views of the names, which are literals.
class PathArguments {
public:
    /// Errors: Problem 400 that names the argument if it should be an id and is not a snowflake.
    void add(std::string_view name, std::string_view text);
    void add(std::string_view name, std::uint64_t id) { ids_.emplace_back(name, id); }

    /// Unset if the pattern does not contain the name.
    std::optional<std::uint64_t> find_id(std::string_view name) const;
    /// Errors: std::logic_error if the pattern does not contain the name: the row of the route is wrong.
    std::uint64_t id(std::string_view name) const;
    /// Percent-decoded. Errors: as `id`.
    const std::string& text(std::string_view name) const;

private:
    std::vector<std::pair<std::string_view, std::uint64_t>> ids_;
    std::vector<std::pair<std::string_view, std::string>> texts_;
};

}  // namespace intent::sandbox
