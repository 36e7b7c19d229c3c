#include "text/ascii.hpp"

#include "text/utf8.hpp"

#include <gtest/gtest.h>

namespace intent::text::ascii_test {
namespace {

TEST(Ascii, white_space_at_both_ends_is_removed) {
    EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
    EXPECT_EQ(trimmed("a"), "a");
    EXPECT_EQ(trimmed(" \n"), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(Ascii, only_ascii_letters_have_a_case) {
    EXPECT_EQ(lower_case("AZ[az@\xc3\x84"), "az[az@\xc3\x84");
    EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-tYPE"));
    EXPECT_FALSE(equals_ignoring_case("a", "ab"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Utf8Prefix, ends_between_characters) {
    EXPECT_EQ(utf8_prefix("a\xe2\x82\xac", 4), "a\xe2\x82\xac");
    EXPECT_EQ(utf8_prefix("a\xe2\x82\xac", 3), "a");
    EXPECT_EQ(utf8_prefix("a\xe2\x82\xac", 0), "");
}

}  // namespace
}  // namespace intent::text::ascii_test
