#include "sandbox/faults/fault_json.hpp"

#include "sandbox/base/problem.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;
using Type = FaultParameterType;
using std::chrono::milliseconds;

template <class T>
constexpr bool is_time = std::is_same_v<T, milliseconds> || std::is_same_v<T, std::optional<milliseconds>>;
template <class T>
constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, std::optional<std::string>>;
template <class T>
constexpr bool is_optional =
    std::is_same_v<T, std::optional<std::string>> || std::is_same_v<T, std::optional<std::uint64_t>> ||
    std::is_same_v<T, std::optional<milliseconds>>;

FaultKind read_kind(const Fields& fields) {
    const std::string name = fields.required_text("kind");
    if (const auto kind = fault_kind(name)) return *kind;
    std::string known;
    for (const auto& row : fault_kinds)
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    throw invalid("kind", "unknown; there are " + known);
}

void set(Fault& fault, const FaultParameter& parameter, std::string text) {
    std::visit(
        [&](auto member) {
            using T = std::remove_reference_t<decltype(fault.*member)>;
            if constexpr (is_text<T>) fault.*member = std::move(text);
        },
        parameter.member);
}

/// A bool, an integer, or a double: all in the unit of the member.
template <class Number>
void set_number(Fault& fault, const FaultParameter& parameter, Number value) {
    std::visit(
        [&](auto member) {
            using T = std::remove_reference_t<decltype(fault.*member)>;
            if constexpr (is_time<T>) {
                fault.*member = milliseconds(static_cast<std::int64_t>(value));
            } else if constexpr (std::is_same_v<T, std::optional<std::uint64_t>>) {
                fault.*member = static_cast<std::uint64_t>(value);
            } else if constexpr (!is_text<T>) {
                fault.*member = static_cast<T>(value);
            }
        },
        parameter.member);
}

/// Unsets a member that can be unset.
bool unset(Fault& fault, const FaultParameter& parameter) {
    return std::visit(
        [&](auto member) {
            using T = std::remove_reference_t<decltype(fault.*member)>;
            if constexpr (is_optional<T>) (fault.*member).reset();
            return is_optional<T>;
        },
        parameter.member);
}

template <class Number>
std::optional<Number> default_of(const FaultParameter& parameter) {
    Number value{};
    const std::string_view text = parameter.default_value;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
    return value;
}

std::size_t read_choice(const FaultParameter& parameter, const Fields& fields) {
    const auto& choices = parameter.choices;
    const std::string text = fields.text(parameter.name).value_or(std::string(parameter.default_value));
    const auto at = std::find(choices.begin(), choices.end(), text);
    if (at == choices.end())
        throw invalid(fields.path(parameter.name),
                      "\"" + std::string(choices[0]) + "\" or \"" + std::string(choices[1]) + "\" allowed");
    return static_cast<std::size_t>(at - choices.begin());
}

/// A missing field has its default, and so has null, unless the member can be unset.
void read(Fault& fault, const FaultParameter& parameter, const Fields& fields) {
    const std::string_view name = parameter.name;
    const std::int64_t min = parameter.min;
    const std::int64_t max = parameter.max;
    if (fields.is_null(name) && unset(fault, parameter)) return;
    switch (parameter.type) {
        case Type::integer:
        case Type::close_code:
        case Type::milliseconds: {
            auto value = parameter.required ? fields.required_integer(name, min, max) : fields.integer(name, min, max);
            if (!value) value = default_of<std::int64_t>(parameter);
            if (value) set_number(fault, parameter, *value);
            return;
        }
        case Type::number: {
            auto value = fields.number(name, static_cast<double>(min), static_cast<double>(max));
            if (!value) value = default_of<double>(parameter);
            if (value) set_number(fault, parameter, parameter.unit == "s" ? std::ceil(*value * 1000) : *value);
            return;
        }
        case Type::text:
            if (auto value = fields.text(name)) set(fault, parameter, std::move(*value));
            return;
        case Type::boolean:
            set_number(fault, parameter, fields.boolean(name).value_or(parameter.default_value == "true"));
            return;
        case Type::choice:
            set_number(fault, parameter, read_choice(parameter, fields));
            return;
    }
}

/// Null for a member that is unset.
json::value write(const Fault& fault, const FaultParameter& parameter) {
    auto value = std::visit(
        [&](auto member) -> json::value {
            const auto& held = fault.*member;
            using T = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::is_same_v<T, milliseconds>) {
                return held.count();
            } else if constexpr (std::is_same_v<T, std::optional<milliseconds>>) {
                return held ? json::value(held->count()) : json::value();
            } else if constexpr (is_optional<T>) {
                return held ? json::value(*held) : json::value();
            } else {
                return json::value(held);
            }
        },
        parameter.member);
    if (parameter.type == Type::choice) return json::value(json_text(parameter.choices[value.as_bool() ? 1 : 0]));
    if (parameter.unit == "s") return value.to_number<double>() / 1000;
    return value;
}

void write_if_set(json::object& out, const Fault& fault, const FaultParameter& parameter) {
    auto value = write(fault, parameter);
    if (!value.is_null()) out[json_text(parameter.name)] = std::move(value);
}

}  // namespace

Fault read_fault(const Fields& fields) {
    Fault fault{.kind = read_kind(fields)};
    if (auto match = fields.object("match")) {
        for (const auto& parameter : fault_match)
            read(fault, parameter, *match);
        match->finish();
    }
    for (const auto& parameter : fault_options)
        read(fault, parameter, fields);
    for (const auto& parameter : parameters_of(fault_info(fault.kind)))
        read(fault, parameter, fields);
    fields.finish();
    check(fault);
    return fault;
}

json::object fault_json(const Faults::View& view) {
    const Fault& fault = *view.fault;
    json::object match;
    for (const auto& parameter : fault_match)
        write_if_set(match, fault, parameter);
    json::object out{{"id", view.id}, {"kind", json_text(name_of(fault.kind))}, {"match", std::move(match)}};
    for (const auto& parameter : fault_options)
        out[json_text(parameter.name)] = write(fault, parameter);
    out["hits"] = view.hits;
    out["remaining_ms"] = view.remaining ? json::value(view.remaining->count()) : json::value();
    for (const auto& parameter : parameters_of(fault_info(fault.kind)))
        write_if_set(out, fault, parameter);
    return out;
}

}  // namespace intent::sandbox
