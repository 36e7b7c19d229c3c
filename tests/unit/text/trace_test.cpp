// The header `traceparent`, by the rules of W3C Trace Context.
#include "text/trace.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace intent::text::trace_test {
namespace {

constexpr std::string_view good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

std::string with(std::size_t position, char c) {
    std::string text(good);
    text[position] = c;
    return text;
}

TEST(Traceparent, is_read_and_written) {
    const auto trace = parse_traceparent(good);
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->high, 0x0af7651916cd43ddu);
    EXPECT_EQ(trace->low, 0x8448eb211c80319cu);
    EXPECT_TRUE(trace->sampled);
    EXPECT_EQ(trace->id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(traceparent(*trace, 0xb7ad6b7169203331u), good);
    EXPECT_EQ(traceparent({1, 2, false}, 3), "00-00000000000000010000000000000002-0000000000000003-00");
}

TEST(Traceparent, no_trace_has_no_id) {
    EXPECT_TRUE(Trace().empty());
    EXPECT_EQ(Trace().id(), "");
    EXPECT_FALSE((Trace{0, 1, false}.empty()));
    EXPECT_FALSE((Trace{1, 0, false}.empty()));
}

TEST(Traceparent, of_the_flags_only_sampled_counts) {
    EXPECT_TRUE(parse_traceparent(with(54, '3'))->sampled);
    EXPECT_FALSE(parse_traceparent(with(54, '2'))->sampled);
    EXPECT_FALSE(parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe")->sampled);
}

TEST(Traceparent, of_a_later_version_is_read_as_far_as_it_is_known) {
    const std::string later = "cc" + std::string(good.substr(2));
    EXPECT_TRUE(parse_traceparent(later));
    EXPECT_TRUE(parse_traceparent(later + "-what-the-future-brings"));
    EXPECT_TRUE(parse_traceparent(later + "-"));
    EXPECT_FALSE(parse_traceparent(later + ".what"));
    EXPECT_FALSE(parse_traceparent(later + "0"));
}

TEST(Traceparent, that_breaks_a_rule_is_refused) {
    const std::string rest = std::string(good.substr(2));
    for (const std::string& wrong : {
             std::string(),
             std::string(good) + "-",                                                 // version 00 has no further parts
             std::string(good) + " ",                                                 //
             " " + std::string(good),                                                 //
             "ff" + rest,                                                             // a version that cannot exist
             "0" + rest,                                                              //
             std::string("00-00000000000000000000000000000000-b7ad6b7169203331-01"),  // an id of zeros
             std::string("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"),  // a span of zeros
             std::string("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"),  // upper case
             std::string("00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01"),  // the dash one too early
             std::string("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"),  //
         })
        EXPECT_FALSE(parse_traceparent(wrong)) << wrong;
}

TEST(Traceparent, is_refused_if_cut_anywhere_or_with_a_wrong_byte_at_any_place) {
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(parse_traceparent(good.substr(0, length))) << length;
    for (std::size_t i = 0; i < good.size(); ++i)
        for (const char c : {'g', 'A', ' ', '\0', '\xff', '\n', '/', ':', '`'})
            EXPECT_FALSE(parse_traceparent(with(i, c))) << i;
}

}  // namespace
}  // namespace intent::text::trace_test
