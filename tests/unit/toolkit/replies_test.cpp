// The texts that people see.
#include "toolkit/core/replies.hpp"

#include "text/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace intent::toolkit {
namespace {

using text::count_code_points;

TEST(Replies, a_caret_marks_what_is_wrong) {
    EXPECT_EQ(fault_text("!", "roll 3 x", {"sides", "expected a whole number", 7, 8}, "roll <times> [sides]"),
              "!roll 3 x\n"
              "        ^ sides: expected a whole number\n"
              "usage: !roll <times> [sides]");
    EXPECT_EQ(fault_text("!", "roll", {"times", "is missing", 4, 4}, "roll <times>"),
              "!roll \n"
              "      ^ times is missing\n"
              "usage: !roll <times>");
    EXPECT_EQ(fault_text("!", "roll 3 and more", {"", "this is too much", 7, 15}, ""),
              "!roll 3 and more\n"
              "        ^^^^^^^^ this is too much");
}

TEST(Replies, a_caret_counts_code_points) {
    EXPECT_EQ(fault_text("»", "größe ä", {"n", "expected a number", 8, 10}, ""),
              "»größe ä\n       ^ n: expected a number");
}

TEST(Replies, long_lines_are_cut_around_the_fault) {
    const std::string line =
        "roll " + std::string(900, 'a') + " " + std::string(900, 'b') + " " + std::string(900, 'c');
    const auto text = fault_text("!", line, {"x", "expected a number", 906, 1806}, "roll <x>");
    EXPECT_LE(count_code_points(text), 400u);
    EXPECT_NE(text.find("a b"), std::string::npos) << text;
    EXPECT_NE(text.find("b…"), std::string::npos) << text;
    EXPECT_NE(text.find("^ x: expected a number"), std::string::npos) << text;
}

TEST(Replies, text_of_people_is_harmless_and_bounded) {
    const std::string hostile = std::string("a\n\x1b[31m\xff\0\xe2\x80\xae", 12);
    const auto text = fault_text("!", hostile, {"x", hostile + std::string(5'000, 'y'), 0, hostile.size()}, "");
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\0'), std::string::npos);
    EXPECT_FALSE(text::first_invalid_utf8(text));
    EXPECT_LE(count_code_points(text), 800u);
    EXPECT_EQ(quoted_text("a\nb"), "a b");
    EXPECT_EQ(count_code_points(quoted_text(std::string(5'000, 'y'))), 41u);
}

TEST(Replies, a_fault_outside_of_the_line_is_moved_to_its_end) {
    EXPECT_EQ(fault_text("", "ab", {"", "what", 90, 91}, ""), "ab \n   ^ what");
    EXPECT_EQ(fault_text("", "ab", {"", "what", 1, 0}, ""), "ab\n ^ what");
}

TEST(Replies, help_lists_sections_under_their_headings) {
    EXPECT_EQ(
        help_list("!", {{"", "a <x>", "Does a."}, {"Mod", "kick", "Kicks."}, {"", "b", ""}, {"Mod", "ban", "Bans."}}),
        "!a <x> - Does a.\n"
        "!b\n"
        "\n"
        "Mod\n"
        "!kick - Kicks.\n"
        "!ban - Bans.");
    EXPECT_EQ(help_list("!", {}), "");
}

}  // namespace
}  // namespace intent::toolkit
