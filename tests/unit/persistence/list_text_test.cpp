#include "persistence/list_text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace intent::persistence::list_text_test {
namespace {

std::string again(std::string_view text) {
    const auto items = parse_list(text);
    return items ? list_text(*items) : "refused";
}

TEST(ListText, reads_what_it_writes_and_what_people_write) {
    for (const char* text : {"[]", "[1,-2,0]", "[0.5,1e+300]", "[\"\",\"a\\\"\\\\\"]", "[[],[[null]],\"x\"]",
                             "[9223372036854775807,-9223372036854775808]"})
        EXPECT_EQ(again(text), text);
    EXPECT_EQ(again(" [ 1 ,\t\"\\u0041\\n\\/\" ]\n"), "[1,\"A\\u000a/\"]");
    EXPECT_EQ(again("[9223372036854775808]"), "[9223372036854775808]");
}

TEST(ListText, every_double_is_the_same_afterwards) {
    for (const double number : {0.1, 1.0 / 3, 5e-324, std::numeric_limits<double>::max(), -0.0}) {
        detail::StoredValue value = detail::stored_real(number);
        const auto items = parse_list(list_text({value}));
        ASSERT_TRUE(items);
        const auto& one = items->at(0);
        EXPECT_EQ(one.kind == detail::StoredValue::Kind::real ? one.real : static_cast<double>(one.integer), number);
    }
}

TEST(ListText, refuses_anything_else) {
    for (const char* text : {"",     "x",     "[",     "]",      "[1",        "[1,]",        "[,1]",          "[1 2]",
                             "[1]]", "[1]x",  "{}",    "[\"a]",  "[\"\\x\"]", "[\"\\u00\"]", "[\"\\u00e9\"]", "[\"\\",
                             "[-]",  "[1-2]", "[nul]", "[true]", "[nan]",     "[inf]"})
        EXPECT_EQ(again(text), "refused") << text;
    EXPECT_EQ(again(std::string(64, '[') + std::string(64, ']')), std::string(64, '[') + std::string(64, ']'));
    EXPECT_EQ(again(std::string(65, '[') + std::string(65, ']')), "refused");
    EXPECT_EQ(again(std::string(1'000'000, '[')), "refused");
}

}  // namespace
}  // namespace intent::persistence::list_text_test
