#include "codec/scalars.hpp"

#include "codec/utf8.hpp"

#include <intent/snowflake.hpp>

#include <chrono>
#include <cmath>
#include <optional>
#include <string>

namespace intent::codec {
namespace {

/// Reads decimal text or a non-negative integer. `expected` and `what` are for the failure's text.
bool read_decimal(Reader& reader, std::uint64_t& out, const char* expected, const char* what) {
    const auto refuse = [&](const std::string& value) {
        return reader.fail(value + " is not " + what + " (decimal digits, at most 64 bits)");
    };
    if (reader.kind() == Kind::text) {
        std::string_view text;
        if (!reader.text(text)) return false;
        const auto value = parse_snowflake(text);
        if (!value) return refuse('"' + shown(text) + '"');
        out = *value;
        return true;
    }
    if (reader.kind() != Kind::integer) return reader.fail_expected(expected);
    Whole number;
    if (!reader.whole(number)) return false;
    if (number.negative) return refuse('-' + std::to_string(number.magnitude));
    out = number.magnitude;
    return true;
}

/// The time, unless its year is negative or has more than four digits, which the wire cannot represent.
std::optional<Timestamp> in_range(std::int64_t micros) {
    constexpr std::int64_t year_0 = -62'167'219'200'000'000, year_10000 = 253'402'300'800'000'000;
    if (micros < year_0 || micros >= year_10000) return std::nullopt;
    return Timestamp{std::chrono::microseconds{micros}};
}

std::optional<Timestamp> from_unix(std::int64_t seconds, std::uint32_t nanos) {
    constexpr std::int64_t max_seconds = 1'000'000'000'000;  // keeps the product below in 64 bits
    if (seconds > max_seconds || seconds < -max_seconds || nanos > 999'999'999) return std::nullopt;
    return in_range(seconds * 1'000'000 + nanos / 1000);
}

std::optional<Timestamp> from_number(double value) {
    constexpr double max_seconds = 1e11;  // larger numbers are milliseconds
    if (!std::isfinite(value) || std::fabs(value) > 1e15) return std::nullopt;
    return in_range(std::llround(std::fabs(value) > max_seconds ? value * 1e3 : value * 1e6));
}

/// The three layouts of MessagePack's extension -1: 32-bit seconds, 30-bit nanoseconds with 34-bit seconds, and 96
/// bits.
std::optional<Timestamp> from_extension(ByteView data) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : data.last(data.size() < 8 ? data.size() : 8)) {
        value = value << 8 | byte;
    }
    if (data.size() == 4) return from_unix(static_cast<std::int64_t>(value), 0);
    if (data.size() == 8) {
        return from_unix(static_cast<std::int64_t>(value & 0x3'ffff'ffff), static_cast<std::uint32_t>(value >> 34));
    }
    if (data.size() != 12) return std::nullopt;
    std::uint32_t nanos = 0;
    for (const std::uint8_t byte : data.first(4)) {
        nanos = nanos << 8 | byte;
    }
    return from_unix(static_cast<std::int64_t>(value), nanos);
}

}  // namespace

bool read_snowflake_slow(Reader& reader, std::uint64_t& out) {
    return read_decimal(reader, out, "a snowflake", "a snowflake");
}

bool read_permissions(Reader& reader, Permissions& out) {
    if (reader.kind() == Kind::floating) {
        return reader.integer(out.bits);
    }
    return read_decimal(reader, out.bits, "permissions", "a permission set");
}

bool read_timestamp_slow(Reader& reader, Timestamp& out, bool& readable) {
    std::optional<Timestamp> time;
    const auto start = reader.mark();
    switch (reader.kind()) {
        case Kind::text: {
            std::string_view text;
            if (!reader.text(text)) return false;
            time = parse_timestamp(text);
            break;
        }
        case Kind::integer:
        case Kind::floating: {
            double value = 0;
            if (!reader.number(value)) return false;
            time = from_number(value);
            break;
        }
        case Kind::extension: {
            std::int8_t type = 0;
            ByteView data;
            if (!reader.extension(type, data)) return false;
            if (type != -1) {
                reader.rewind(start);
                return reader.fail_expected("a timestamp");
            }
            time = from_extension(data);
            break;
        }
        default:
            return reader.fail_expected("a timestamp");
    }
    readable = time.has_value();
    if (time) out = *time;
    return true;
}

}  // namespace intent::codec
