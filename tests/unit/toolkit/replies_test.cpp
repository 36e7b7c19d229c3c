// The texts that people see.
#include "toolkit/core/replies.hpp"

#include "text/utf8.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {
namespace {

std::size_t points(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(text::utf8_step(text).length);
    return count;
}

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
    EXPECT_LE(points(text), 400u);
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
    EXPECT_LE(points(text), 800u);
    EXPECT_EQ(quoted_text("a\nb"), "a b");
    EXPECT_EQ(points(quoted_text(std::string(5'000, 'y'))), 41u);
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

TEST(Replies, messages_are_split_at_lines_then_spaces_then_code_points) {
    using Parts = std::vector<std::string>;
    EXPECT_EQ(split_message("", 10), Parts{});
    EXPECT_EQ(split_message("\n \n", 10), Parts{});
    EXPECT_EQ(split_message("0123456789", 10), Parts{"0123456789"});
    EXPECT_EQ(split_message("012345 789\nabc", 10), (Parts{"012345 789", "abc"}));
    EXPECT_EQ(split_message("012345\n789abc", 10), (Parts{"012345", "789abc"}));
    EXPECT_EQ(split_message("012345 789abc", 10), (Parts{"012345", "789abc"}));
    EXPECT_EQ(split_message("0 23456789abc", 10), (Parts{"0 23456789", "abc"}));  // the space is too early
    EXPECT_EQ(split_message("ääääää", 4), (Parts{"ääää", "ää"}));
    EXPECT_EQ(split_message("  indented", 20), Parts{"  indented"});
}

TEST(Replies, no_part_breaks_a_code_point_or_is_too_long) {
    std::string text;
    for (int i = 0; i < 9'001; ++i)
        text += "😀";
    const auto parts = split_message(text);
    ASSERT_EQ(parts.size(), 5u);
    for (const auto& part : parts) {
        EXPECT_LE(points(part), max_message);
        EXPECT_FALSE(text::first_invalid_utf8(part));
    }
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::string()), text);
    EXPECT_EQ(split_message(std::string(4'001, '\xff')).size(), 3u);
}

}  // namespace
}  // namespace intent::toolkit
