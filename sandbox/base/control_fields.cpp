#include "sandbox/base/control_fields.hpp"

#include "sandbox/base/json_body.hpp"
#include "sandbox/base/problem.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>

namespace intent::sandbox {
namespace {

namespace json = boost::json;

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

std::string whole_range(std::int64_t lowest, std::int64_t highest) {
    return "expected a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

}  // namespace

ControlFields::ControlFields(std::string_view body) : object_(read_object(body)) {}

const json::value* ControlFields::find(std::string_view name) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.emplace_back(name);
    const auto* value = object_.if_contains({name.data(), name.size()});
    return value == nullptr || value->is_null() ? nullptr : value;
}

bool ControlFields::has(std::string_view name) { return find(name) != nullptr; }

bool ControlFields::is_null(std::string_view name) {
    find(name);
    const auto* value = object_.if_contains({name.data(), name.size()});
    return value != nullptr && value->is_null();
}

std::optional<std::string> ControlFields::text(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto* text = value->if_string();
    if (text == nullptr) throw invalid(path(name), "expected text");
    return std::string(text->data(), text->size());
}

std::string ControlFields::required_text(std::string_view name) {
    auto value = text(name);
    if (!value) throw invalid(path(name), "required");
    return std::move(*value);
}

std::optional<std::int64_t> ControlFields::integer(std::string_view name, std::int64_t lowest, std::int64_t highest) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : std::int64_t{0};
    if (!value->is_number() || error || number < lowest || number > highest)
        throw invalid(path(name), whole_range(lowest, highest));
    return number;
}

std::int64_t ControlFields::required_integer(std::string_view name, std::int64_t lowest, std::int64_t highest) {
    const auto value = integer(name, lowest, highest);
    if (!value) throw invalid(path(name), "required: " + whole_range(lowest, highest));
    return *value;
}

std::optional<double> ControlFields::number(std::string_view name, double lowest, double highest) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const double number = value->is_number() ? value->to_number<double>() : 0;
    if (!value->is_number() || !(number >= lowest && number <= highest))
        throw invalid(path(name), "expected a number from " + short_number(lowest) + " to " + short_number(highest));
    return number;
}

std::optional<bool> ControlFields::boolean(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) throw invalid(path(name), "expected true or false");
    return value->as_bool();
}

std::optional<ControlFields> ControlFields::object(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object()) throw invalid(path(name), "expected an object");
    return ControlFields(value->as_object(), path(name) + ".");
}

std::optional<std::vector<std::string>> ControlFields::texts(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto* list = value->if_array();
    std::vector<std::string> texts;
    for (const auto& item : list != nullptr ? *list : json::array()) {
        if (!item.is_string()) list = nullptr;
        if (list == nullptr) break;
        texts.emplace_back(item.as_string().data(), item.as_string().size());
    }
    if (list == nullptr) throw invalid(path(name), "expected a list of texts");
    return texts;
}

std::optional<std::vector<std::uint64_t>> ControlFields::numbers(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto* list = value->if_array();
    std::vector<std::uint64_t> numbers;
    for (const auto& item : list != nullptr ? *list : json::array()) {
        boost::system::error_code error;
        if (item.is_number()) numbers.push_back(item.to_number<std::uint64_t>(error));
        if (item.is_number() && !error) continue;
        list = nullptr;
        break;
    }
    if (list == nullptr) throw invalid(path(name), "expected a list of whole numbers");
    return numbers;
}

std::optional<std::string> ControlFields::json(std::string_view name) {
    const bool null = is_null(name);
    const auto* value = find(name);
    if (value == nullptr && !null) return std::nullopt;
    return null ? "null" : json::serialize(*value);
}

void ControlFields::finish() const {
    for (const auto& [name, value] : object_) {
        const std::string_view key(name.data(), name.size());
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        std::string allowed;
        for (const auto& known : asked_)
            allowed += (allowed.empty() ? "" : ", ") + path(known);
        throw invalid(path(key), "unknown here" + (allowed.empty() ? "; no fields are" : "; known are " + allowed));
    }
}

}  // namespace intent::sandbox
