// How a line becomes words.
#include "toolkit/core/words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {
namespace {

using namespace std::string_view_literals;

struct Case {
    std::string_view line;
    std::vector<std::string_view> words;
};

const std::vector<Case> cases{
    {"", {}},
    {"  \t\r\n ", {}},
    {"roll", {"roll"}},
    {"  roll  3\t6\n", {"roll", "3", "6"}},
    {R"(say "hello world")", {"say", "hello world"}},
    {R"(say "")", {"say", ""}},
    {R"(say "a \"b\" \\ \n")", {"say", R"(a "b" \ \n)"}},
    {"say “hello world” x", {"say", "hello world", "x"}},
    {"say “he said \"hi", {"say", "he said ", "hi"}},
    {R"(say "a"b)", {"say", "a", "b"}},
    {R"(5" it's don"t)", {"5\"", "it's", "don\"t"}},
    {R"(say \"hello world\")", {"say", "\"hello", "world\""}},
    {R"(C:\new\"x\y)", {"C:\\new\"x\\y"}},
    {R"(a\)", {"a\\"}},
    {"a\0b c\0"sv, {"a\0b"sv, "c\0"sv}},
    {"\xff\xfe \xc3 \xe2\x80", {"\xff\xfe", "\xc3", "\xe2\x80"}},
};

TEST(Words, of_lines) {
    for (const auto& one : cases) {
        std::vector<std::string_view> found;
        const auto words = split_words(one.line);
        for (const auto& word : words) {
            found.emplace_back(word.text);
            EXPECT_FALSE(word.is_unclosed) << one.line;
        }
        EXPECT_EQ(found, one.words) << one.line;
    }
}

TEST(Words, know_their_places_in_the_line) {
    const std::string_view line = R"( say "hello world" x)";
    const auto words = split_words(line);
    ASSERT_EQ(words.size(), 3u);
    EXPECT_EQ(line.substr(words[0].begin, words[0].end - words[0].begin), "say");
    EXPECT_EQ(line.substr(words[1].begin, words[1].end - words[1].begin), R"("hello world")");
    EXPECT_EQ(line.substr(words[2].begin, words[2].end - words[2].begin), "x");
    EXPECT_FALSE(words[0].is_quoted);
    EXPECT_TRUE(words[1].is_quoted);
}

TEST(Words, an_unclosed_quotation_takes_the_rest_of_the_line) {
    for (const std::string_view line : {R"(say "hello world)"sv, R"(say "hello world\")"sv, "say “hello world"sv}) {
        const auto words = split_words(line);
        ASSERT_EQ(words.size(), 2u) << line;
        EXPECT_TRUE(words[1].is_unclosed) << line;
        EXPECT_EQ(words[1].end, line.size()) << line;
    }
    EXPECT_TRUE(split_words("\"").front().is_unclosed);
}

TEST(Words, every_prefix_of_a_line_can_be_split) {
    const std::string line = "say \"a \\\" b\" “c d” \\\" \xf0\x9f\x98\x80 \xff\0 end";
    for (std::size_t length = 0; length <= line.size(); ++length) {
        std::size_t last = 0;
        for (const auto& word : split_words(std::string_view(line).substr(0, length))) {
            EXPECT_GE(word.begin, last);
            EXPECT_GT(word.end, word.begin);
            EXPECT_LE(word.end, length);
            last = word.end;
        }
    }
}

TEST(Words, of_two_thousand_emoji_are_one_or_two_thousand) {
    std::string joined;
    std::string apart;
    for (int i = 0; i < 2'000; ++i) {
        joined += "😀";
        apart += "😀 ";
    }
    EXPECT_EQ(split_words(joined).size(), 1u);
    EXPECT_EQ(split_words(apart).size(), 2'000u);
}

TEST(Words, the_end_of_a_line_is_behind_its_last_visible_byte) {
    EXPECT_EQ(trimmed_end("a b \n"), 3u);
    EXPECT_EQ(trimmed_end(" \n"), 0u);
    EXPECT_EQ(trimmed_end(""), 0u);
}

}  // namespace
}  // namespace intent::toolkit
