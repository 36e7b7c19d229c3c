#include "sandbox/base/fields.hpp"

#include "sandbox/base/json_body.hpp"
#include "sandbox/base/problem.hpp"
#include "text/percent.hpp"

#include <intent/snowflake.hpp>

#include <charconv>

namespace intent::sandbox {
namespace {

namespace json = boost::json;

std::string range(int lowest, int highest) {
    return "expected a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

std::string_view kind_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return "null";
        case json::kind::bool_:
            return "a boolean";
        case json::kind::string:
            return "text";
        case json::kind::array:
            return "a list";
        case json::kind::object:
            return "an object";
        default:
            return "a number";
    }
}

/// `name: expected text, got a number`.
Problem unexpected(std::string_view name, std::string_view wanted, const json::value& value) {
    return invalid(name, "expected " + std::string(wanted) + ", got " + std::string(kind_of(value)));
}

std::string as_text(std::string_view name, const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) throw unexpected(name, "text", value);
    return {text->data(), text->size()};
}

std::optional<std::uint64_t> as_number(const json::value& value) {
    if (!value.is_int64() && !value.is_uint64()) return std::nullopt;
    boost::system::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    if (error) return std::nullopt;
    return number;
}

std::uint64_t as_snowflake(std::string_view name, const json::value& value) {
    if (const auto number = as_number(value)) return *number;
    if (!value.is_string()) throw unexpected(name, "an id (a snowflake as text)", value);
    const auto id = parse_snowflake(as_text(name, value));
    if (!id) throw invalid(name, "not a snowflake (decimal digits, at most 64 bits)");
    return *id;
}

}  // namespace

Fields::Fields(std::string_view body) : object_(read_object(body)) {}

const json::value* Fields::find(std::string_view name) const { return object_.if_contains({name.data(), name.size()}); }

std::string Fields::required_text(std::string_view name) const {
    auto value = text(name);
    if (!value) throw invalid(name, "required");
    return std::move(*value);
}

std::optional<std::string> Fields::text(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return as_text(name, *value);
}

std::optional<std::optional<std::string>> Fields::nullable_text(std::string_view name) const {
    if (find(name) == nullptr) return std::nullopt;
    return text(name);
}

std::optional<int> Fields::integer(std::string_view name, int lowest, int highest) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : std::int64_t{0};
    if (!value->is_number() || error || number < lowest || number > highest)
        throw invalid(name, range(lowest, highest));
    return static_cast<int>(number);
}

std::optional<bool> Fields::boolean(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_bool()) throw unexpected(name, "true or false", *value);
    return value->as_bool();
}

std::optional<std::uint64_t> Fields::snowflake(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return as_snowflake(name, *value);
}

std::uint64_t Fields::required_snowflake(std::string_view name) const {
    const auto id = snowflake(name);
    if (!id) throw invalid(name, "required");
    return *id;
}

std::optional<std::optional<std::uint64_t>> Fields::nullable_snowflake(std::string_view name) const {
    if (find(name) == nullptr) return std::nullopt;
    return snowflake(name);
}

std::optional<std::vector<std::uint64_t>> Fields::snowflakes(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_array()) throw unexpected(name, "a list of ids", *value);
    std::vector<std::uint64_t> ids;
    for (const auto& item : value->as_array())
        ids.push_back(as_snowflake(std::string(name) + "[" + std::to_string(ids.size()) + "]", item));
    return ids;
}

std::optional<Permissions> Fields::permissions(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (const auto number = as_number(*value)) return Permissions{*number};
    if (!value->is_string()) throw unexpected(name, "a permission set (decimal digits as text)", *value);
    const auto set = Permissions::parse(as_text(name, *value));
    if (!set) throw invalid(name, "not a permission set (decimal digits, at most 64 bits)");
    return set;
}

Query::Query(std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto item = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = std::min(item.find('='), item.size());
        const auto value = item.substr(std::min(equals + 1, item.size()));
        parameters_.emplace_back(text::percent_decode(item.substr(0, equals), true), text::percent_decode(value, true));
    }
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    for (const auto& [key, value] : parameters_)
        if (key == name) return value;
    return std::nullopt;
}

std::optional<int> Query::integer(std::string_view name, int lowest, int highest) const {
    const auto text = find(name);
    if (!text) return std::nullopt;
    int number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < lowest || number > highest)
        throw invalid(name, range(lowest, highest));
    return number;
}

std::optional<std::string> Query::text(std::string_view name) const {
    const auto value = find(name);
    if (!value) return std::nullopt;
    return std::string(*value);
}

std::optional<std::uint64_t> Query::snowflake(std::string_view name) const {
    const auto text = find(name);
    if (!text) return std::nullopt;
    const auto id = parse_snowflake(*text);
    if (!id) throw invalid(name, "not a snowflake (decimal digits, at most 64 bits)");
    return id;
}

bool Query::flag(std::string_view name) const {
    const auto text = find(name);
    if (!text || *text == "false" || *text == "0") return false;
    if (*text == "true" || *text == "1") return true;
    throw invalid(name, "expected true or false");
}

}  // namespace intent::sandbox
