#include <intent/timestamp.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace intent::inline v0 {
namespace {

/// The two digits at `at`; a large number if one of them is not a digit.
unsigned two_digits(std::string_view text, std::size_t at) noexcept {
    const unsigned tens = static_cast<unsigned char>(text[at]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text[at + 1]) - unsigned{'0'};
    return tens > 9 || ones > 9 ? 10'000 : tens * 10 + ones;
}

/// Reads the fraction behind the point at `at`, and moves `at` behind its last digit. -1 if it is invalid.
std::int64_t fraction_micros(std::string_view text, std::size_t& at) noexcept {
    std::int64_t micros = 0;
    std::size_t count = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
        if (count < 6) micros = micros * 10 + (text[at] - '0');
    }
    if (count == 0 || count > 9) return -1;
    for (; count < 6; ++count) {
        micros *= 10;
    }
    return micros;
}

void append_number(std::string& out, int value, int width) {
    char buffer[12];
    for (int i = width - 1; i >= 0; --i) {
        buffer[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(buffer, static_cast<std::size_t>(width));
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
    using namespace std::chrono;
    constexpr std::size_t seconds_end = 19;  // "2024-01-15T12:00:00"
    if (text.size() <= seconds_end) return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const unsigned century = two_digits(text, 0), y = two_digits(text, 2), mon = two_digits(text, 5),
                   d = two_digits(text, 8);
    const unsigned h = two_digits(text, 11), min = two_digits(text, 14), sec = two_digits(text, 17);
    if (century > 99 || y > 99 || mon > 12 || d > 31 || h > 23 || min > 59 || sec > 60) return std::nullopt;
    const year_month_day date{year{static_cast<int>(century * 100 + y)}, month{mon}, day{d}};
    if (!date.ok()) return std::nullopt;

    std::size_t at = seconds_end;
    std::int64_t micros = 0;
    if (text[at] == '.') {
        micros = fraction_micros(text, ++at);
        if (micros < 0) return std::nullopt;
    }
    const auto zone = text.substr(at);
    if (zone != "Z" && zone != "+00:00") return std::nullopt;
    return Timestamp{sys_days{date}} + hours{h} + minutes{min} + seconds{sec} + microseconds{micros};
}

std::string format_timestamp(Timestamp time) {
    using namespace std::chrono;
    // The wire has four digits for the year. Times outside that range are written as the nearest that fits.
    constexpr Timestamp first = sys_days{year{0} / 1 / 1}, last = sys_days{year{10000} / 1 / 1} - microseconds{1};
    time = std::clamp(time, first, last);
    const auto whole_days = floor<days>(time);
    const year_month_day date{whole_days};
    const hh_mm_ss clock{time - whole_days};

    std::string out;
    out.reserve(27);
    append_number(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_number(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
    out += '-';
    append_number(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
    out += 'T';
    append_number(out, static_cast<int>(clock.hours().count()), 2);
    out += ':';
    append_number(out, static_cast<int>(clock.minutes().count()), 2);
    out += ':';
    append_number(out, static_cast<int>(clock.seconds().count()), 2);
    if (clock.subseconds().count() != 0) {
        out += '.';
        append_number(out, static_cast<int>(clock.subseconds().count()), 6);
    }
    out += 'Z';
    return out;
}

}  // namespace intent
