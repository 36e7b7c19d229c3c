// The fields of a request: JSON body and query, read strictly.
#pragma once

#include <intent/permissions.hpp>
#include <intent/raw/embed.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::sandbox {

/// The JSON object of a request's body. Unknown fields are ignored; a field of a wrong type is a Problem (400) that
/// names it. Lengths are the platform's business.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Fields {
public:
    /// An empty body is an empty object.
    ///
    /// Errors: Problem 400 if the body is no JSON object.
    explicit Fields(std::string_view body);

    std::string required_text(std::string_view name) const;
    /// Unset if missing or null.
    std::optional<std::string> text(std::string_view name) const;
    /// Unset if missing, "none" if null: for changes of what may be none.
    std::optional<std::optional<std::string>> nullable_text(std::string_view name) const;
    std::optional<int> integer(std::string_view name, int lowest, int highest) const;
    std::optional<bool> boolean(std::string_view name) const;
    /// An id as text, or as a number.
    std::optional<std::uint64_t> snowflake(std::string_view name) const;
    std::uint64_t required_snowflake(std::string_view name) const;
    /// Unset if missing, "none" if null.
    std::optional<std::optional<std::uint64_t>> nullable_snowflake(std::string_view name) const;
    std::optional<std::vector<std::uint64_t>> snowflakes(std::string_view name) const;
    /// Decimal text, or a number.
    std::optional<Permissions> permissions(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// At most 10 embeds, each checked against protocol §8; unset if missing or null.
    std::optional<std::vector<raw::Embed>> embeds() const;

private:
    const boost::json::value* find(std::string_view name) const;

    boost::json::object object_;
};

/// The parameters of a URL's query, percent-decoded.
class Query {
public:
    explicit Query(std::string_view text);

    /// Errors: Problem 400 that names the parameter, if it is no whole number from `lowest` to `highest`.
    std::optional<int> integer(std::string_view name, int lowest, int highest) const;
    std::optional<std::uint64_t> snowflake(std::string_view name) const;
    bool flag(std::string_view name) const;  ///< `true` or `false`; false if missing
    std::optional<std::string> text(std::string_view name) const;

private:
    std::optional<std::string_view> find(std::string_view name) const;

    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace intent::sandbox
