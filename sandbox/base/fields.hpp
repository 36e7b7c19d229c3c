// Reads the fields of a request, strictly: those of a JSON body, and the parameters of a query.
#pragma once

#include <intent/permissions.hpp>
#include <intent/raw/embed.hpp>

#include <boost/json/object.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// The fields of a JSON object: of a body, or of an object inside one. An optional is unset if its field is missing or
/// null. A field of a wrong type is a Problem (400) that names it. Fields that were not read are ignored unless
/// `finish` is called. The platform checks lengths.
///
/// Lifetime: keeps views of the names that were read, which are literals.
class Fields {
public:
    /// An empty body is an empty object.
    ///
    /// Errors: Problem 400 if the body is not a JSON object, or is nested more than 64 deep.
    explicit Fields(std::string_view body);

    std::optional<std::string> text(std::string_view name) const;
    std::string required_text(std::string_view name) const;
    /// Unset if missing, an unset value if null: for a change of what can be cleared.
    std::optional<std::optional<std::string>> nullable_text(std::string_view name) const;

    /// A whole number in the range of `min` to `max`.
    template <std::integral T>
    std::optional<T> integer(std::string_view name, T min, T max) const {
        const auto value = whole_number(name, min, max);
        return value ? std::optional(static_cast<T>(*value)) : std::nullopt;
    }
    std::int64_t required_integer(std::string_view name, std::int64_t min, std::int64_t max) const;
    std::optional<double> number(std::string_view name, double min, double max) const;
    std::optional<bool> boolean(std::string_view name) const;

    /// An id as text, or as a number.
    std::optional<std::uint64_t> snowflake(std::string_view name) const;
    std::uint64_t required_snowflake(std::string_view name) const;
    /// As `nullable_text`.
    std::optional<std::optional<std::uint64_t>> nullable_snowflake(std::string_view name) const;
    std::optional<std::vector<std::uint64_t>> snowflakes(std::string_view name) const;
    /// Decimal text, or a number.
    std::optional<Permissions> permissions(std::string_view name) const;

    std::optional<std::vector<std::string>> texts(std::string_view name) const;
    std::optional<std::vector<std::uint64_t>> numbers(std::string_view name) const;
    std::optional<Fields> object(std::string_view name) const;
    /// A list of at most `max` objects.
    std::optional<std::vector<Fields>> objects(std::string_view name, std::size_t max) const;
    /// At most 10 embeds, each checked against protocol §8.
    std::optional<std::vector<raw::Embed>> embeds() const;
    /// Any value, as JSON; unset only if missing.
    std::optional<std::string> json(std::string_view name) const;

    bool is_null(std::string_view name) const;
    /// The name within the whole body ("match.path").
    std::string path(std::string_view name) const { return prefix_ + std::string(name); }

    /// Errors: Problem 400 for a field that no function above was called for, because its name may be misspelt.
    void finish() const;

private:
    Fields(boost::json::object object, std::string prefix) : object_(std::move(object)), prefix_(std::move(prefix)) {}

    const boost::json::value* find_any(std::string_view name) const;
    const boost::json::value* find(std::string_view name) const;
    std::optional<std::int64_t> whole_number(std::string_view name, std::int64_t min, std::int64_t max) const;
    /// The elements of a list, each converted by `read(path, value)`.
    template <class Read>
    auto list(std::string_view name, std::string_view expected, Read read) const;

    boost::json::object object_;
    std::string prefix_;
    mutable std::vector<std::string_view> read_;  // for `finish`
};

/// The parameters of a URL's query, percent-decoded.
class Query {
public:
    explicit Query(std::string_view text);

    /// Errors: Problem 400 that names the parameter, if it is not a whole number in the range of `min` to `max`.
    std::optional<int> integer(std::string_view name, int min, int max) const;
    std::optional<std::uint64_t> snowflake(std::string_view name) const;
    bool flag(std::string_view name) const;  ///< `true` or `false`; false if missing
    std::optional<std::string> text(std::string_view name) const;

private:
    std::optional<std::string_view> find(std::string_view name) const;

    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace intent::sandbox
