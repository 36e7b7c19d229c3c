// Which command a line names, and which one a misspelt line may have meant.
#include "toolkit/core/names.hpp"

#include "toolkit/core/message_links.hpp"
#include "toolkit/core/pattern.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace intent::toolkit {
namespace {

Names some_names() {
    Names names;
    EXPECT_TRUE(names.add("cool", 1));
    EXPECT_TRUE(names.add("cool bot", 2));
    EXPECT_TRUE(names.add("Tag Add", 3));
    EXPECT_TRUE(names.add("t", 3));
    EXPECT_TRUE(names.add("roll", 4));
    return names;
}

std::size_t found(const Names& names, std::string_view line) {
    const auto words = split_words(line);
    const auto match = names.find(words);
    return match ? 10 * match->command + match->words : 0;
}

TEST(CommandNames, the_longest_name_counts) {
    const Names names = some_names();
    EXPECT_EQ(found(names, "cool"), 11u);
    EXPECT_EQ(found(names, "cool alice"), 11u);
    EXPECT_EQ(found(names, "cool bot"), 22u);
    EXPECT_EQ(found(names, "COOL  Bot x"), 22u);
    EXPECT_EQ(found(names, "tag add x"), 32u);
    EXPECT_EQ(found(names, "t x"), 31u);
    EXPECT_EQ(found(names, "tag"), 0u);
    EXPECT_EQ(found(names, ""), 0u);
    EXPECT_EQ(found(names, "\"cool\""), 0u);
    EXPECT_EQ(found(names, "cool \"bot\""), 11u);
    EXPECT_EQ(found(names, "\xff\xff"), 0u);
}

TEST(CommandNames, are_unique_and_can_be_removed) {
    Names names = some_names();
    EXPECT_FALSE(names.add("TAG add", 9));
    EXPECT_TRUE(names.begins_a_name("tag"));
    EXPECT_FALSE(names.begins_a_name("ta"));
    EXPECT_FALSE(names.begins_a_name("roll"));
    names.remove(3);
    EXPECT_EQ(found(names, "tag add"), 0u);
    EXPECT_EQ(found(names, "t"), 0u);
    EXPECT_FALSE(names.begins_a_name("tag"));
    EXPECT_TRUE(names.add("tag add", 9));
}

TEST(CommandNames, suggest_what_is_similar) {
    const Names names = some_names();
    const auto similar = [&](std::string_view line) { return names.similar(split_words(line)).value_or(""); };
    EXPECT_EQ(similar("rol 3 6"), "roll");
    EXPECT_EQ(similar("orll"), "roll");
    EXPECT_EQ(similar("tag ad x"), "tag add");
    EXPECT_EQ(similar("help"), "");
    EXPECT_EQ(similar("x"), "");  // everything is similar to a name of one letter
    EXPECT_EQ(similar(""), "");
    EXPECT_EQ(similar(std::string(2'000, 'r')), "");
}

TEST(CommandNames, the_distance_of_texts_counts_edits) {
    EXPECT_EQ(edit_distance("", ""), 0u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("abc", "abc"), 0u);
    EXPECT_EQ(edit_distance("abc", "axc"), 1u);
    EXPECT_EQ(edit_distance("abc", "acb"), 1u);
    EXPECT_EQ(edit_distance("abc", "ab"), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
    EXPECT_EQ(edit_distance(std::string(1'000, 'a'), std::string(1'000, 'b')), 64u);
}

TEST(CommandNames, a_pattern_is_taken_apart) {
    const auto pattern = parse_pattern("tag add <name> [times=3] [text of it]");
    ASSERT_TRUE(pattern);
    EXPECT_EQ(pattern->name, "tag add");
    ASSERT_EQ(pattern->parameters.size(), 3u);
    EXPECT_EQ(pattern->parameters[0].name, "name");
    EXPECT_TRUE(pattern->parameters[0].is_required);
    EXPECT_EQ(pattern->parameters[1].fallback, "3");
    EXPECT_FALSE(pattern->parameters[1].is_required);
    EXPECT_EQ(pattern->parameters[2].name, "text of it");
    EXPECT_FALSE(pattern->parameters[2].fallback);
    for (const char* text :
         {"", " roll", "<a>", "roll <", "roll <a", "roll a>", "roll <a]", "roll <>", "roll <a><b>", "roll <a> b",
          "roll [=3]", "roll [a=]", "roll <a=3>", "two  spaces", "a \"quoted\" one", "roll <a <b>>", "line\nbreak"})
        EXPECT_FALSE(parse_pattern(text)) << text;
}

TEST(CommandNames, links_name_a_message_and_its_channel) {
    const auto link = [](std::string_view text) {
        const auto found = parse_message_link(text);
        if (!found) return std::string("none");
        return (found->channel ? found->channel->str() : std::string()) + "/" + found->message.str();
    };
    EXPECT_EQ(link("123"), "/123");
    EXPECT_EQ(link("456/123"), "456/123");
    EXPECT_EQ(link("456-123"), "456/123");
    EXPECT_EQ(link("https://intent.chat/channels/789/456/123"), "456/123");
    EXPECT_EQ(link("https://intent.chat/channels/456/messages/123/"), "456/123");
    for (const char* text : {"", "/", "x", "x/123", "/123", "99999999999999999999/1", "1/0123", "1/2/x"})
        EXPECT_EQ(link(text), "none") << text;
}

}  // namespace
}  // namespace intent::toolkit
