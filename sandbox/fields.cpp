#include "sandbox/fields.hpp"

#include "sandbox/problem.hpp"

#include <intent/snowflake.hpp>

#include <boost/json/parse.hpp>

#include <charconv>

namespace intent::sandbox {
namespace {

namespace json = boost::json;

std::string decode_percent(std::string_view text) {
    const auto digit = [](char c) {
        int value = -1;
        std::from_chars(&c, &c + 1, value, 16);
        return value;
    };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
        const int low = high >= 0 ? digit(text[i + 2]) : -1;
        if (low >= 0) {
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

std::string range(int lowest, int highest) {
    return "expected a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

std::string as_text(std::string_view name, const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) throw invalid(name, "expected text");
    return {text->data(), text->size()};
}

}  // namespace

Fields::Fields(std::string_view body) {
    if (body.empty()) return;
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 64;
    json::value value = json::parse({body.data(), body.size()}, error, {}, options);
    if (error || !value.is_object()) throw Problem(400, "INVALID_BODY", "body: expected a JSON object");
    object_ = std::move(value.as_object());
}

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

Query::Query(std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto item = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = std::min(item.find('='), item.size());
        const auto value = item.substr(std::min(equals + 1, item.size()));
        parameters_.emplace_back(decode_percent(item.substr(0, equals)), decode_percent(value));
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

}  // namespace intent::sandbox
