// Decimal digits, eight at a time: a register holds eight characters, one in each byte.
#pragma once

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace intent::codec {

/// Eight characters; the first is in the lowest byte on every machine.
[[gnu::always_inline]] inline std::uint64_t eight_characters(const char* text) noexcept {
    std::uint64_t characters = 0;
    std::memcpy(&characters, text, sizeof characters);
    if constexpr (std::endian::native == std::endian::big) {
        std::uint64_t swapped = 0;
        for (int i = 0; i < 8; ++i)
            swapped = swapped << 8 | (characters >> (8 * i) & 0xff);
        characters = swapped;
    }
    return characters;
}

/// Eight digits on their way to a number. `invalid` has a bit for each character that is not a digit.
struct EightDigits {
    std::uint64_t values;   ///< of the digits, one in each byte
    std::uint64_t invalid;  ///< 0: all characters are digits

    [[gnu::always_inline]] explicit EightDigits(std::uint64_t characters) noexcept
        : values(characters ^ 0x3030'3030'3030'3030),  // only digits become 0 to 9
          invalid((values | (values + 0x7676'7676'7676'7676)) & 0x8080'8080'8080'8080) {}

    /// The number. Joins neighbours: pairs into 0-99, then into 0-9999, then into eight digits.
    [[gnu::always_inline]] std::uint64_t number() const noexcept {
        const std::uint64_t pairs = values * 10 + (values >> 8);
        return ((pairs & 0x0000'00ff'0000'00ff) * 0x000f'4240'0000'0064 +
                (pairs >> 16 & 0x0000'00ff'0000'00ff) * 0x0000'2710'0000'0001) >>
               32;
    }
};

/// Reads an id of 17 to 19 digits, as ids of today are. False for every other text.
[[gnu::always_inline]] inline bool read_usual_id(std::string_view text, std::uint64_t& out) noexcept {
    const std::size_t size = text.size();
    if (size < 17 || size > 19 || text.front() == '0') return false;
    const std::size_t first_size = size - 16;
    // The first one to three digits, behind zeros.
    const unsigned shift = static_cast<unsigned>(64 - 8 * first_size);
    const EightDigits first(eight_characters(text.data()) << shift | 0x3030'3030'3030'3030 >> 8 * first_size);
    const EightDigits middle(eight_characters(text.data() + first_size));
    const EightDigits last(eight_characters(text.data() + first_size + 8));
    if ((first.invalid | middle.invalid | last.invalid) != 0) return false;
    out = (first.number() * 100'000'000 + middle.number()) * 100'000'000 + last.number();
    return true;
}

/// Reads a time like "2024-01-15T12:00:00.123Z", as JavaScript writes them, in microseconds since 1970. False for every
/// other text, and for a day that does not exist.
[[gnu::always_inline]] inline bool read_usual_time(std::string_view text, std::int64_t& micros) noexcept {
    if (text.size() != 24) return false;
    // Digits become 0 to 9 and the characters between them 0, which the sums below verify.
    const std::uint64_t date = eight_characters(text.data()) ^ 0x2d30'302d'3030'3030;       // 0000-00-
    const std::uint64_t clock = eight_characters(text.data() + 8) ^ 0x3030'3a30'3054'3030;  // 00T00:00
    const std::uint64_t rest = eight_characters(text.data() + 16) ^ 0x5a30'3030'2e30'303a;  // :00.000Z
    const std::uint64_t high = date | clock | rest | (date + 0x7f76'767f'7676'7676) | (clock + 0x7676'7f76'767f'7676) |
                               (rest + 0x7f76'7676'7f76'767f);
    if ((high & 0x8080'8080'8080'8080) != 0) return false;
    const std::uint64_t date_pairs = date * 10 + (date >> 8);
    const std::uint64_t clock_pairs = clock * 10 + (clock >> 8);
    const std::uint64_t rest_pairs = rest * 10 + (rest >> 8);
    const auto pair = [](std::uint64_t pairs, unsigned at) { return static_cast<unsigned>(pairs >> 8 * at & 0xff); };

    const unsigned hour = pair(clock_pairs, 3), minute = pair(clock_pairs, 6), second = pair(rest_pairs, 1);
    const unsigned milliseconds = pair(rest_pairs, 4) * 10 + static_cast<unsigned>(rest >> 48 & 0xff);
    const std::chrono::year_month_day day{
        std::chrono::year(static_cast<int>(pair(date_pairs, 0) * 100 + pair(date_pairs, 2))),
        std::chrono::month(pair(date_pairs, 5)), std::chrono::day(pair(clock_pairs, 0))};
    if (hour > 23 || minute > 59 || second > 60 || !day.ok()) return false;
    const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
    micros = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1'000'000 + std::int64_t{milliseconds} * 1000;
    return true;
}

}  // namespace intent::codec
