// Percent-encoding.
#include "text/percent.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::text::percent_test {
namespace {

TEST(Percent, every_byte_survives_a_round_trip) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const auto encoded = percent_encode(all);
    EXPECT_EQ(encoded.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~%"),
              std::string::npos);
    EXPECT_EQ(percent_decode(encoded, true), all);
}

TEST(Percent, characters_may_be_left_plain) {
    EXPECT_EQ(percent_encode("a@b c"), "a%40b%20c");
    EXPECT_EQ(percent_encode("a@b c", "@"), "a@b%20c");
}

TEST(Percent, what_is_not_an_escape_stays) {
    EXPECT_EQ(percent_decode("%", true), "%");
    EXPECT_EQ(percent_decode("%4", true), "%4");
    EXPECT_EQ(percent_decode("%4x%zz", true), "%4x%zz");
}

TEST(Percent, a_plus_is_a_space_in_queries_alone) {
    EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
    EXPECT_EQ(percent_decode("a+b%2B", false), "a+b+");
}

}  // namespace
}  // namespace intent::text::percent_test
