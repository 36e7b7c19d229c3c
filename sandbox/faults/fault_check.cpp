// Which fields of a fault are acceptable.
#include "sandbox/base/problem.hpp"
#include "sandbox/faults/faults.hpp"

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

namespace intent::inline v0::sandbox {
namespace {

std::string range_of(const FaultParameter& parameter) {
    const std::string max = std::to_string(parameter.max);
    if (parameter.type == FaultParameterType::text)
        return (parameter.min == 0 ? "at most " : std::to_string(parameter.min) + " to ") + max + " bytes allowed";
    const std::string range =
        std::to_string(parameter.min) + (parameter.max == fault_unlimited ? " or more" : " to " + max);
    return range + (parameter.unit == "s" ? " s allowed" : " allowed");
}

template <class Integer>
bool is_within(Integer value, std::int64_t min, std::int64_t max) {
    return !std::cmp_less(value, min) && (max == fault_unlimited || !std::cmp_greater(value, max));
}

bool is_in_range(const FaultParameter&, bool) { return true; }
bool is_in_range(const FaultParameter& parameter, double value) {
    return value >= static_cast<double>(parameter.min) && value <= static_cast<double>(parameter.max);
}
bool is_in_range(const FaultParameter& parameter, const std::string& value) {
    return parameter.max == 0 || is_within(value.size(), parameter.min, parameter.max);
}
bool is_in_range(const FaultParameter& parameter, std::chrono::milliseconds value) {
    const std::int64_t scale = parameter.unit == "s" ? 1000 : 1;
    return is_within(value.count(), parameter.min * scale, parameter.max * scale);
}
template <class Integer>
requires std::is_integral_v<Integer>
bool is_in_range(const FaultParameter& parameter, Integer value) {
    return is_within(value, parameter.min, parameter.max);
}
template <class T>
bool is_in_range(const FaultParameter& parameter, const std::optional<T>& value) {
    return !value || is_in_range(parameter, *value);
}

bool is_set(const Fault& fault, const FaultParameter& parameter) {
    return std::visit(
        [&](auto member) {
            if constexpr (requires { (fault.*member).has_value(); }) return (fault.*member).has_value();
            return true;
        },
        parameter.member);
}

void check_range(const Fault& fault, const FaultParameter& parameter, const char* prefix = "") {
    const bool fits = std::visit([&](auto member) { return is_in_range(parameter, fault.*member); }, parameter.member);
    if (!fits) throw invalid(prefix + std::string(parameter.name), range_of(parameter));
}

void check_match(const Fault& fault) {
    const auto& kind = fault_info(fault.kind);
    const auto& info = fault_info(kind.fault_class);
    for (const auto& parameter : fault_match) {
        check_range(fault, parameter, "match.");
        if (!is_set(fault, parameter) || takes_match(info, parameter.name)) continue;
        std::string taken;
        for (const auto name : info.match)
            if (!name.empty()) taken += (taken.empty() ? "" : ", ") + std::string(name);
        throw invalid("match." + std::string(parameter.name),
                      std::string(kind.name) + " matches by " + taken + " only");
    }
    if (fault.path && !fault.path->starts_with('/') && !fault.path->starts_with('*'))
        throw invalid("match.path", "begins with / or *, without the base: /channels/*/messages");
}

void check_close_code(int code) {
    // These are never sent over the wire (RFC 6455 §7.4.1).
    if (code < 1000 || code > 4999 || code == 1004 || code == 1005 || code == 1006 || code == 1015)
        throw invalid("code", "1000 to 4999 allowed, but for 1004, 1005, 1006 and 1015, which are never sent");
}

}  // namespace

void check(const Fault& fault) {
    check_match(fault);
    for (const auto& parameter : fault_options)
        check_range(fault, parameter);
    for (const auto& parameter : parameters_of(fault_info(fault.kind))) {
        if (parameter.type == FaultParameterType::close_code) check_close_code(fault.code);
        check_range(fault, parameter);
    }
}

}  // namespace intent::sandbox
