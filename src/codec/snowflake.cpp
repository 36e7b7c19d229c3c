#include "codec/digits.hpp"

#include <intent/snowflake.hpp>

#include <limits>

namespace intent::inline v0 {

std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept {
    constexpr std::size_t max_digits = std::numeric_limits<std::uint64_t>::digits10 + 1;
    if (text.empty() || text.size() > max_digits) return std::nullopt;
    if (text.front() == '0' && text.size() > 1) return std::nullopt;
    std::uint64_t value = 0;
    // Nineteen digits always fit; only the twentieth can overflow.
    const std::size_t safe = text.size() < max_digits ? text.size() : max_digits - 1;
    std::size_t at = 0;
    for (; at + 8 <= safe; at += 8) {
        const codec::EightDigits eight(codec::eight_characters(text.data() + at));
        if (eight.invalid != 0) return std::nullopt;
        value = value * 100'000'000 + eight.number();
    }
    for (; at < safe; ++at) {
        const unsigned digit = static_cast<unsigned char>(text[at]) - unsigned{'0'};
        if (digit > 9) return std::nullopt;
        value = value * 10 + digit;
    }
    if (safe < text.size()) {
        constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
        const unsigned digit = static_cast<unsigned char>(text[safe]) - unsigned{'0'};
        if (digit > 9 || value > (largest - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

}  // namespace intent
