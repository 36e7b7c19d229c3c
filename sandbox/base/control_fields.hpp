// The fields of an order, read strictly: what is not known is refused as well.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

/// The JSON object of an order's body, or one inside of it. A field of a wrong type is a Problem (400) that names it,
/// and so is, at `finish`, a field that nobody asked for: a misspelt one must not be passed over.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ControlFields {
public:
    /// An empty body is an empty object.
    ///
    /// Errors: Problem 400 if the body is no JSON object.
    explicit ControlFields(std::string_view body);
    ControlFields(boost::json::object object, std::string prefix)
        : object_(std::move(object)), prefix_(std::move(prefix)) {}

    /// Unset if missing or null, as all that give an optional.
    std::optional<std::string> text(std::string_view name);
    std::string required_text(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t lowest, std::int64_t highest);
    std::int64_t required_integer(std::string_view name, std::int64_t lowest, std::int64_t highest);
    std::optional<double> number(std::string_view name, double lowest, double highest);
    std::optional<bool> boolean(std::string_view name);
    std::optional<ControlFields> object(std::string_view name);
    /// A list of texts, or of whole numbers.
    std::optional<std::vector<std::string>> texts(std::string_view name);
    std::optional<std::vector<std::uint64_t>> numbers(std::string_view name);
    /// Any value, as JSON; unset if missing.
    std::optional<std::string> json(std::string_view name);

    bool has(std::string_view name);
    bool is_null(std::string_view name);
    /// Errors: Problem 400 for a field that none of the functions above was asked for.
    void finish() const;

    /// The name as it stands in the whole body ("match.path").
    std::string path(std::string_view name) const { return prefix_ + std::string(name); }

private:
    const boost::json::value* find(std::string_view name);

    boost::json::object object_;
    std::string prefix_;
    std::vector<std::string> asked_;
};

}  // namespace intent::sandbox
