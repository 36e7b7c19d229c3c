#include <intent/timestamp.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace intent::timestamp_test {
namespace {

struct Good {
    const char* text;
    std::int64_t micros;
    const char* printed;
};

TEST(TimestampText, iso_8601_in_utc_is_read) {
    constexpr std::int64_t noon = 1705320000'000000;
    const Good table[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
        {"1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"},
        {"2024-01-15T12:00:00Z", noon, "2024-01-15T12:00:00Z"},
        {"2024-01-15T12:00:00+00:00", noon, "2024-01-15T12:00:00Z"},
        {"2024-01-15T12:00:00.1Z", noon + 100000, "2024-01-15T12:00:00.100000Z"},
        {"2024-01-15T12:00:00.12Z", noon + 120000, "2024-01-15T12:00:00.120000Z"},
        {"2024-01-15T12:00:00.123Z", noon + 123000, "2024-01-15T12:00:00.123000Z"},
        {"2024-01-15T12:00:00.123456+00:00", noon + 123456, "2024-01-15T12:00:00.123456Z"},
        {"2024-01-15T12:00:00.1234567Z", noon + 123456, "2024-01-15T12:00:00.123456Z"},
        {"2024-01-15T12:00:00.123456789Z", noon + 123456, "2024-01-15T12:00:00.123456Z"},
        {"2024-01-15T12:00:00.000000001Z", noon, "2024-01-15T12:00:00Z"},
        {"2024-02-29T00:00:00Z", 1709164800'000000, "2024-02-29T00:00:00Z"},
        {"2016-12-31T23:59:60Z", 1483228800'000000, "2017-01-01T00:00:00Z"},
        {"0000-01-01T00:00:00Z", -62167219200'000000, "0000-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999Z", 253402300799'999999, "9999-12-31T23:59:59.999999Z"},
    };
    for (const auto& row : table) {
        const auto time = parse_timestamp(row.text);
        ASSERT_TRUE(time) << row.text;
        EXPECT_EQ(time->time_since_epoch().count(), row.micros) << row.text;
        EXPECT_EQ(format_timestamp(*time), row.printed);
    }
}

TEST(TimestampText, case_123_anything_else_is_none) {
    for (const char* text : {"",
                             "garbage",
                             "2024-01-15",
                             "2024-01-15T12:00:00",
                             "2024-01-15 12:00:00Z",
                             "2024-01-15T12:00:00z",
                             "2024-01-15T12:00:00.Z",
                             "2024-01-15T12:00:00.1234567890Z",
                             "2024-01-15T12:00:00+01:00",
                             "2024-01-15T12:00:00-00:00",
                             "2024-01-15T12:00:00ZZ",
                             "2024-01-15T12:00:00.5",
                             "2024-13-15T12:00:00Z",
                             "2024-00-15T12:00:00Z",
                             "2024-01-00T12:00:00Z",
                             "2024-01-32T12:00:00Z",
                             "2023-02-29T12:00:00Z",
                             "2024-01-15T24:00:00Z",
                             "2024-01-15T12:60:00Z",
                             "2024-01-15T12:00:61Z",
                             "-024-01-15T12:00:00Z",
                             "2024-1-15T12:00:00Z",
                             "20240-1-15T12:00:00Z",
                             "2024-01-15T12:00:0:Z",
                             "1705320000"}) {
        EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
    }
}

TEST(TimestampText, times_beyond_four_digit_years_print_as_the_nearest_that_has_them) {
    EXPECT_EQ(format_timestamp(Timestamp::max()), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_timestamp(Timestamp::min()), "0000-01-01T00:00:00Z");
}

}  // namespace
}  // namespace intent::timestamp_test
