#include <intent/snowflake.hpp>

#include <bit>
#include <cstring>
#include <limits>

namespace intent::inline v0 {
namespace {

/// Converts eight digits at once, one per byte, the first in the lowest byte. False if one of them is not a digit.
bool eight_digits(const char* text, std::uint64_t& value) noexcept {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, text, sizeof chunk);
    const std::uint64_t digits = chunk - 0x3030'3030'3030'3030;  // '0' off each byte; borrows are detected below
    const std::uint64_t over_nine = digits + 0x7676'7676'7676'7676;
    if (((digits | over_nine | chunk) & 0x8080'8080'8080'8080) != 0) return false;
    // Joins neighbours: pairs into 0-99, then into 0-9999, then into eight digits.
    std::uint64_t joined = digits * 10 + (digits >> 8);
    joined = ((joined & 0x0000'00ff'0000'00ff) * 0x000f'4240'0000'0064 +
              ((joined >> 16) & 0x0000'00ff'0000'00ff) * 0x0000'2710'0000'0001) >>
             32;
    value = joined;
    return true;
}

}  // namespace

std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept {
    constexpr std::size_t max_digits = std::numeric_limits<std::uint64_t>::digits10 + 1;
    if (text.empty() || text.size() > max_digits) return std::nullopt;
    if (text.front() == '0' && text.size() > 1) return std::nullopt;
    std::uint64_t value = 0;
    // Nineteen digits always fit; only the twentieth can overflow.
    const std::size_t safe = text.size() < max_digits ? text.size() : max_digits - 1;
    std::size_t at = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (std::uint64_t eight = 0; at + 8 <= safe; at += 8) {
            if (!eight_digits(text.data() + at, eight)) return std::nullopt;
            value = value * 100'000'000 + eight;
        }
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
