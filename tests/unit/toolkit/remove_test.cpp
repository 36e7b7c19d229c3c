// Commands that are removed one by one, with their group, or all together.
#include <intent/commands.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace intent::remove_test {
namespace {

task<> nothing(Context) { co_return; }

class Removal : public testing::Test {
protected:
    bool has(const std::string& line) const { return commands.parse(line).command() == line; }

    Commands commands;
};

TEST_F(Removal, of_a_group_removes_its_commands_aliases_and_groups) {
    auto tag = commands.group("tag");
    tag.add("add", "", &nothing).alias("remember");
    tag.group("list").add("all", "", &nothing);
    tag.section("Rare").add("export", "", &nothing);
    commands.add("tags", "", &nothing);
    ASSERT_TRUE(has("tag list all") && has("tag add") && has("tag export"));
    tag.remove();
    EXPECT_FALSE(has("tag add"));
    EXPECT_FALSE(has("tag list all"));
    EXPECT_FALSE(has("tag export"));
    EXPECT_EQ(commands.parse("remember").command(), "");
    EXPECT_TRUE(has("tags"));
    EXPECT_EQ(commands.help_text("tag"), "");
    EXPECT_EQ(commands.parse("tag").error(), "");
}

TEST_F(Removal, of_a_section_leaves_commands_of_the_same_name_prefix) {
    auto games = commands.section("Games");
    games.add("roll", "", &nothing);
    commands.add("roll dice", "", &nothing);
    games.remove();
    EXPECT_FALSE(has("roll"));
    EXPECT_TRUE(has("roll dice"));
}

TEST_F(Removal, frees_the_names_and_drops_the_settings) {
    auto tag = commands.group("tag").details("Old details.");
    tag.add("add", "Old.", &nothing).alias("remember");
    tag.remove();
    auto again = commands.group("tag");
    again.add("add", "New.", &nothing).alias("remember");
    EXPECT_EQ(commands.parse("remember").command(), "tag add");
    EXPECT_EQ(commands.help_text("tag").find("Old"), std::string::npos);
    EXPECT_NE(commands.help_text("tag").find("New."), std::string::npos);
}

TEST_F(Removal, makes_the_handles_of_what_was_removed_unusable) {
    auto tag = commands.group("tag");
    auto inner = tag.group("list");
    auto add = tag.add("add", "", &nothing);
    tag.remove();
    EXPECT_THROW(tag.add("show", "", &nothing), UsageError);
    EXPECT_THROW(inner.add("all", "", &nothing), UsageError);
    EXPECT_THROW(add.alias("remember"), UsageError);
    EXPECT_THROW(inner.hidden(), UsageError);
    tag.remove();  // no effect
    add.remove();
    EXPECT_TRUE(has("help"));
}

TEST_F(Removal, of_all_commands_lets_others_be_added) {
    commands.add("one", "", &nothing);
    commands.group("two").add("three", "", &nothing);
    commands.remove();
    EXPECT_FALSE(has("one"));
    EXPECT_FALSE(has("two three"));
    EXPECT_FALSE(has("help"));
    commands.add("one", "", &nothing);
    EXPECT_TRUE(has("one"));
}

TEST_F(Removal, destroys_the_captures_of_the_functions) {
    const auto kept = std::make_shared<int>(0);
    auto group = commands.group("tag");
    group.add("add", "", [kept](Context) -> task<> { co_return; });
    EXPECT_EQ(kept.use_count(), 2);
    group.remove();
    EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace intent::remove_test
