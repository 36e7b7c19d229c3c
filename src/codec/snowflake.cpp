#include <intent/snowflake.hpp>

#include <limits>

namespace intent {

std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept {
    constexpr std::size_t most_digits = std::numeric_limits<std::uint64_t>::digits10 + 1;
    if (text.empty() || text.size() > most_digits) return std::nullopt;
    if (text.front() == '0' && text.size() > 1) return std::nullopt;
    std::uint64_t value = 0;
    // Nineteen digits always fit; only a twentieth can overflow.
    const std::size_t safe = text.size() < most_digits ? text.size() : most_digits - 1;
    for (std::size_t i = 0; i < safe; ++i) {
        const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
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
