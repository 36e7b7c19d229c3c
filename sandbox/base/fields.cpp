#include "sandbox/base/fields.hpp"

#include "sandbox/base/problem.hpp"
#include "text/percent.hpp"

#include <intent/snowflake.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

std::string range(std::int64_t min, std::int64_t max) {
    return "expected a whole number from " + std::to_string(min) + " to " + std::to_string(max);
}

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
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
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_:
            break;
    }
    return "a number";
}

/// `name: expected text, got a number`.
Problem unexpected(std::string_view path, std::string_view expected, const json::value& value) {
    return invalid(path, "expected " + std::string(expected) + ", got " + std::string(kind_of(value)));
}

std::string as_text(std::string_view path, const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) throw unexpected(path, "text", value);
    return {text->data(), text->size()};
}

std::optional<std::uint64_t> as_number(const json::value& value) {
    if (!value.is_int64() && !value.is_uint64()) return std::nullopt;
    boost::system::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    if (error) return std::nullopt;
    return number;
}

std::uint64_t as_snowflake(std::string_view path, const json::value& value) {
    if (const auto number = as_number(value)) return *number;
    if (!value.is_string()) throw unexpected(path, "an id (a snowflake as text)", value);
    const auto id = parse_snowflake(as_text(path, value));
    if (!id) throw invalid(path, "not a snowflake (decimal digits, at most 64 bits)");
    return *id;
}

json::object read_object(std::string_view body) {
    if (body.empty()) return {};
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 64;
    json::value value = json::parse({body.data(), body.size()}, error, {}, options);
    if (error || !value.is_object()) throw Problem(400, "INVALID_BODY", "body: expected a JSON object");
    return std::move(value.as_object());
}

}  // namespace

Fields::Fields(std::string_view body) : object_(read_object(body)) {}

const json::value* Fields::find_any(std::string_view name) const {
    if (std::find(read_.begin(), read_.end(), name) == read_.end()) read_.push_back(name);
    return object_.if_contains({name.data(), name.size()});
}

const json::value* Fields::find(std::string_view name) const {
    const auto* value = find_any(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::is_null(std::string_view name) const {
    const auto* value = find_any(name);
    return value != nullptr && value->is_null();
}

std::optional<std::string> Fields::text(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    return as_text(path(name), *value);
}

std::string Fields::required_text(std::string_view name) const {
    auto value = text(name);
    if (!value) throw invalid(path(name), "required");
    return std::move(*value);
}

std::optional<std::optional<std::string>> Fields::nullable_text(std::string_view name) const {
    if (find_any(name) == nullptr) return std::nullopt;
    return text(name);
}

std::optional<std::int64_t> Fields::whole_number(std::string_view name, std::int64_t min, std::int64_t max) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : std::int64_t{0};
    if (!value->is_number() || error || number < min || number > max) throw invalid(path(name), range(min, max));
    return number;
}

std::int64_t Fields::required_integer(std::string_view name, std::int64_t min, std::int64_t max) const {
    const auto value = whole_number(name, min, max);
    if (!value) throw invalid(path(name), "required: " + range(min, max));
    return *value;
}

std::optional<double> Fields::number(std::string_view name, double min, double max) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const double number = value->is_number() ? value->to_number<double>() : 0;
    if (!value->is_number() || !(number >= min && number <= max))
        throw invalid(path(name), "expected a number from " + short_number(min) + " to " + short_number(max));
    return number;
}

std::optional<bool> Fields::boolean(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) throw unexpected(path(name), "true or false", *value);
    return value->as_bool();
}

std::optional<std::uint64_t> Fields::snowflake(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    return as_snowflake(path(name), *value);
}

std::uint64_t Fields::required_snowflake(std::string_view name) const {
    const auto id = snowflake(name);
    if (!id) throw invalid(path(name), "required");
    return *id;
}

std::optional<std::optional<std::uint64_t>> Fields::nullable_snowflake(std::string_view name) const {
    if (find_any(name) == nullptr) return std::nullopt;
    return snowflake(name);
}

std::optional<Permissions> Fields::permissions(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (const auto number = as_number(*value)) return Permissions{*number};
    if (!value->is_string()) throw unexpected(path(name), "a permission set (decimal digits as text)", *value);
    const auto set = Permissions::parse(as_text(path(name), *value));
    if (!set) throw invalid(path(name), "not a permission set (decimal digits, at most 64 bits)");
    return set;
}

template <class Read>
auto Fields::list(std::string_view name, std::string_view expected, Read read) const {
    std::optional<std::vector<decltype(read(std::string(), json::value()))>> items;
    const auto* value = find(name);
    if (value == nullptr) return items;
    if (!value->is_array()) throw unexpected(path(name), expected, *value);
    items.emplace();
    for (const auto& item : value->as_array())
        items->push_back(read(path(name) + "[" + std::to_string(items->size()) + "]", item));
    return items;
}

std::optional<std::vector<std::uint64_t>> Fields::snowflakes(std::string_view name) const {
    return list(name, "a list of ids", as_snowflake);
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) const {
    return list(name, "a list of texts", as_text);
}

std::optional<std::vector<std::uint64_t>> Fields::numbers(std::string_view name) const {
    return list(name, "a list of whole numbers", [](const std::string& at, const json::value& item) {
        const auto number = as_number(item);
        if (!number) throw unexpected(at, "a whole number", item);
        return *number;
    });
}

std::optional<Fields> Fields::object(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object()) throw unexpected(path(name), "an object", *value);
    return Fields(value->as_object(), path(name) + ".");
}

std::optional<std::vector<Fields>> Fields::objects(std::string_view name, std::size_t max) const {
    const auto* value = find(name);
    if (value != nullptr && value->is_array() && value->as_array().size() > max)
        throw invalid(path(name),
                      "at most " + std::to_string(max) + " allowed, got " + std::to_string(value->as_array().size()));
    return list(name, "a list of objects", [](const std::string& at, const json::value& item) {
        if (!item.is_object()) throw unexpected(at, "an object", item);
        return Fields(item.as_object(), at + ".");
    });
}

std::optional<std::string> Fields::json(std::string_view name) const {
    const auto* value = find_any(name);
    if (value == nullptr) return std::nullopt;
    return json::serialize(*value);
}

void Fields::finish() const {
    for (const auto& field : object_) {
        const std::string_view key(field.key().data(), field.key().size());
        if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
        std::string known;
        for (const auto name : read_)
            known += (known.empty() ? "" : ", ") + path(name);
        throw invalid(path(key), "unknown field; " + (known.empty() ? "no fields are allowed" : "allowed: " + known));
    }
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

std::optional<int> Query::integer(std::string_view name, int min, int max) const {
    const auto text = find(name);
    if (!text) return std::nullopt;
    int number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < min || number > max)
        throw invalid(name, range(min, max));
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
