// UTF-8: code points.
#include "text/utf8.hpp"

#include <gtest/gtest.h>

namespace intent::text::utf8_test {
namespace {

TEST(Utf8, each_code_point_and_each_invalid_sequence_counts_once) {
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("abc"), 3u);
    EXPECT_EQ(count_code_points("\u00e9\u20ac\U0001F389"), 3u);
    EXPECT_EQ(count_code_points("a\xff\xe2\x82z"), 4u) << "a stray byte, and a cut sequence of two";
}

TEST(Utf8, the_first_code_points_are_whole) {
    EXPECT_EQ(first_code_points("\u00e9\u20acz", 0), "");
    EXPECT_EQ(first_code_points("\u00e9\u20acz", 1), "\u00e9");
    EXPECT_EQ(first_code_points("\u00e9\u20acz", 2), "\u00e9\u20ac");
    EXPECT_EQ(first_code_points("\u00e9\u20acz", 9), "\u00e9\u20acz");
}

}  // namespace
}  // namespace intent::text::utf8_test
