// The table of the kinds of faults as JSON.
#include "sandbox/faults/fault_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;
using Type = FaultParameterType;

const char* type_name(Type type) {
    switch (type) {
        case Type::integer:
        case Type::close_code:
        case Type::milliseconds:
            return "integer";
        case Type::number:
            return "number";
        case Type::text:
            return "text";
        case Type::boolean:
            return "boolean";
        case Type::choice:
            break;
    }
    return "choice";
}

/// A default or an example: the table holds it as text.
json::value table_value(Type type, std::string_view text) {
    if (text.empty()) return {};
    if (type == Type::text || type == Type::choice) return json::value(json_text(text));
    return json::parse(json_text(text));
}

json::object parameter_json(const FaultParameter& parameter) {
    json::object out{{"name", json_text(parameter.name)},
                     {"type", type_name(parameter.type)},
                     {"label", json_text(parameter.label)},
                     {"help", json_text(parameter.help)},
                     {"required", parameter.required}};
    if (parameter.max != 0) {
        out["min"] = parameter.min;
        out["max"] = parameter.max == fault_unlimited ? json::value() : json::value(parameter.max);
    }
    if (!parameter.unit.empty()) out["unit"] = json_text(parameter.unit);
    if (parameter.type == Type::choice)
        out["choices"] = json::array{json_text(parameter.choices[0]), json_text(parameter.choices[1])};
    if (!parameter.default_value.empty()) out["default"] = table_value(parameter.type, parameter.default_value);
    if (!parameter.example.empty()) out["example"] = table_value(parameter.type, parameter.example);
    return out;
}

json::array parameters_json(std::span<const FaultParameter> parameters) {
    json::array out;
    for (const auto& parameter : parameters)
        out.push_back(parameter_json(parameter));
    return out;
}

}  // namespace

json::object fault_kinds_json() {
    json::array kinds;
    for (const auto& row : fault_kinds)
        kinds.push_back(json::object{{"name", json_text(row.name)},
                                     {"class", json_text(fault_info(row.fault_class).name)},
                                     {"help", json_text(row.help)},
                                     {"parameters", parameters_json(parameters_of(row))}});
    json::array classes;
    for (const auto& row : fault_classes) {
        json::array match;
        for (const auto name : row.match)
            if (!name.empty()) match.push_back(json_text(name));
        classes.push_back(json::object{
            {"name", json_text(row.name)}, {"applies_to", json_text(row.applies_to)}, {"match", std::move(match)}});
    }
    return {{"kinds", std::move(kinds)},
            {"classes", std::move(classes)},
            {"match", parameters_json(fault_match)},
            {"options", parameters_json(fault_options)}};
}

}  // namespace intent::sandbox
