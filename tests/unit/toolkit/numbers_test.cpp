// Durations and numbers as text, and durations read back.
#include <intent/text.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace intent::numbers_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(Durations, are_written_and_read) {
    const std::vector<std::pair<milliseconds, std::string>> rows{
        {0ms, "0s"},
        {1ms, "1ms"},
        {1'500ms, "1s500ms"},
        {90s, "1m30s"},
        {150min, "2h30m"},
        {36h, "1d12h"},
        {24h * 7, "1w"},
        {24h * 366, "52w2d"},
        {24h * 9 + 1ms, "1w2d1ms"},
        {59'999ms, "59s999ms"},
    };
    for (const auto& [time, text] : rows) {
        EXPECT_EQ(format_duration(time), text);
        EXPECT_EQ(parse_duration(text), time) << text;
    }
    EXPECT_EQ(format_duration(-5min), "-5m");
    EXPECT_EQ(format_duration(milliseconds::max()), "15250284452w3d7h12m55s807ms");
    EXPECT_EQ(format_duration(milliseconds::min()), "-15250284452w3d7h12m55s808ms");
}

TEST(Durations, are_read_as_people_write_them) {
    EXPECT_EQ(parse_duration("2 H 30 Min"), 150min);
    EXPECT_EQ(parse_duration(" 90 sec "), 90s);
    for (const char* wrong : {"", " ", "5", "h", "-5m", "1.5h", "5m2h", "2h2h", "5x", "1h 2", "99999999999999999999s",
                              "101d52w", "6000w", "5\xff"})
        EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
}

TEST(Numbers, have_their_digits_in_groups) {
    EXPECT_EQ(format_number(0), "0");
    EXPECT_EQ(format_number(999), "999");
    EXPECT_EQ(format_number(1'000), "1,000");
    EXPECT_EQ(format_number(-1'000), "-1,000");
    EXPECT_EQ(format_number(-999), "-999");
    EXPECT_EQ(format_number(1'234'567u), "1,234,567");
    EXPECT_EQ(format_number(1'234'567, " "), "1 234 567");
    EXPECT_EQ(format_number(1'234'567, ""), "1234567");
    EXPECT_EQ(format_number(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
    EXPECT_EQ(format_number(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(Numbers, have_a_fraction_of_a_given_length) {
    EXPECT_EQ(format_number(1234.5, 2), "1,234.50");
    EXPECT_EQ(format_number(1234.5, 0), "1,234");
    EXPECT_EQ(format_number(1235.5, 0), "1,236");
    EXPECT_EQ(format_number(-1234567.891, 1), "-1,234,567.9");
    EXPECT_EQ(format_number(0.001, 2), "0.00");
    EXPECT_EQ(format_number(-0.001, 2), "0.00") << "no sign without a value";
    EXPECT_EQ(format_number(0.5, -3), "0");
    EXPECT_EQ(format_number(0.5, 99).size(), 22u);
    EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN(), 2), "nan");
    EXPECT_EQ(format_number(-std::numeric_limits<double>::infinity(), 2), "-inf");
    EXPECT_GT(format_number(std::numeric_limits<double>::max(), 20).size(), 400u);
}

}  // namespace
}  // namespace intent::numbers_test
