// Durations and numbers as text.
#include "toolkit/core/durations.hpp"

#include <intent/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace intent::inline v0 {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) { return toolkit::parse_duration(text); }

std::string format_duration(std::chrono::milliseconds time) {
    struct Unit {
        std::string_view name;
        std::uint64_t milliseconds;
    };
    constexpr std::array<Unit, 6> units{
        {{"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

    const bool is_negative = time.count() < 0;
    auto left = static_cast<std::uint64_t>(time.count());
    if (is_negative) left = ~left + 1;  // also for the minimum, which has no positive counterpart
    if (left == 0) return "0s";
    std::string text(is_negative ? "-" : "");
    for (const auto& unit : units) {
        if (left >= unit.milliseconds) text.append(std::to_string(left / unit.milliseconds)).append(unit.name);
        left %= unit.milliseconds;
    }
    return text;
}

std::string detail::group_digits(std::string_view digits, std::string_view separator) {
    std::string text;
    if (digits.starts_with('-')) {
        text = '-';
        digits.remove_prefix(1);
    }
    const std::size_t whole = std::min(digits.find('.'), digits.size());
    for (std::size_t i = 0; i < whole; ++i) {
        if (i > 0 && (whole - i) % 3 == 0) text.append(separator);
        text += digits[i];
    }
    return text.append(digits.substr(whole));
}

std::string format_number(double value, int decimals, std::string_view separator) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    // The digits of the largest number, its sign, point and fraction.
    std::array<char, std::numeric_limits<double>::max_exponent10 + 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed,
                                   std::clamp(decimals, 0, 20))
                         .ptr;
    std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string_view::npos) text.remove_prefix(1);
    return detail::group_digits(text, separator);
}

}  // namespace intent
