#include <intent/snowflake.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

namespace intent::snowflake_test {
namespace {

TEST(SnowflakeText, decimal_digits_up_to_64_bits_are_ids) {
    EXPECT_EQ(parse_snowflake("0"), 0u);
    EXPECT_EQ(parse_snowflake("7"), 7u);
    EXPECT_EQ(parse_snowflake("100000000000000123"), 100000000000000123u);
    EXPECT_EQ(parse_snowflake("9999999999999999999"), 9999999999999999999u);
    EXPECT_EQ(parse_snowflake("10000000000000000000"), 10000000000000000000u);
    EXPECT_EQ(parse_snowflake("18446744073709551609"), 18446744073709551609u);
    EXPECT_EQ(parse_snowflake("18446744073709551615"), 18446744073709551615u);
}

TEST(SnowflakeText, case_107_121_anything_else_is_not_an_id) {
    for (const char* text : {"",
                             "00",
                             "007",
                             "-1",
                             "+1",
                             " 1",
                             "1 ",
                             "1.0",
                             "1e3",
                             "abc",
                             "12a",
                             "a12",
                             "0x10",
                             "1_000",
                             "\xd9\xa1",
                             "18446744073709551616",
                             "18446744073709551620",
                             "20000000000000000000",
                             "99999999999999999999",
                             "1844674407370955161:",
                             "100000000000000000000",
                             "1234567890123456789012345"}) {
        EXPECT_EQ(parse_snowflake(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_snowflake(std::string_view{"1\0", 2}), std::nullopt);
}

TEST(SnowflakeText, an_id_prints_as_it_was_read) {
    EXPECT_EQ(UserId::parse("18446744073709551615")->str(), "18446744073709551615");
    EXPECT_EQ(UserId::parse("x"), std::nullopt);
}

TEST(SnowflakeText, an_id_goes_into_streams_and_texts) {
    const ChannelId id{42};
    std::ostringstream out;
    out << "channel " << id << '.';
    EXPECT_EQ(out.str(), "channel 42.");
    EXPECT_EQ("channel " + id, "channel 42");
    EXPECT_EQ(id + " is it", "42 is it");
    EXPECT_EQ(std::string("channel ") + id + "!", "channel 42!");
    EXPECT_EQ(std::string_view("x") + id, "x42");
}

}  // namespace
}  // namespace intent::snowflake_test
