#include "basic_commands.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

// Without a client and a network: what a line means.
TEST(BasicCommands, are_read_from_lines) {
    intent::Commands commands;
    add_basic_commands(commands);
    EXPECT_EQ(commands.parse("roll 3").argument("sides"), "6");
    EXPECT_EQ(commands.parse("choose tea \"black coffee\"").parameters()[0].words.size(), 2u);
    EXPECT_EQ(commands.parse("cool bot").command(), "cool bot");
    EXPECT_EQ(commands.parse("cool alice").command(), "cool");
    EXPECT_EQ(commands.parse("kick bob for spam").argument("reason"), "for spam");
    EXPECT_EQ(commands.parse("roll 0").error(),
              "!roll 0\n"
              "      ^ times: expected a whole number from 1 to 100\n"
              "usage: !roll <times> [sides=6]");
}

// In a sandbox: what the bot answers.
struct World {
    World() {
        add_basic_commands(commands);
        bot.start();
    }

    std::string answer(std::string_view author, std::string_view line) {
        return reader.answer_to(sandbox.user(author), sandbox.general(), line);
    }

    intent::Sandbox sandbox{{.limits = false, .clock = intent::TestClock()}};
    intent::Client bot{sandbox.client_options()};
    intent::Commands commands{bot, "!"};
    intent::sandbox::Reader reader = sandbox.reader("bot");
    const intent::sandbox::User bob = sandbox.user("bob");
};

TEST(BasicCommands, answer) {
    World world;
    EXPECT_EQ(world.answer("bob", "!add 3 -5"), "-2");
    EXPECT_EQ(world.answer("bob", "!roll 2 1"), "1, 1");
    EXPECT_EQ(world.answer("bob", "!choose tea"), "tea");
    EXPECT_EQ(world.answer("bob", "!repeat 1 hello"), "hello");
    EXPECT_TRUE(world.answer("bob", "!repeat 1 hello").starts_with("Try this again in "));
    EXPECT_NE(world.answer("bob", "!joined alice").find(" joined 20"), std::string::npos);
    EXPECT_EQ(world.answer("bob", "!cool alice"), "No, alice is not cool.");
    EXPECT_EQ(world.answer("bob", "!cool bot"), "Yes, the bot is cool.");
}

TEST(BasicCommands, kick_asks_first) {
    World world;
    EXPECT_EQ(world.answer("alice", "!kick bob for spam"), "Kick bob? (yes/no)");
    EXPECT_EQ(world.answer("alice", "yes"), "bob is gone. for spam");
}

TEST(BasicCommands, kick_needs_the_permission_of_both) {
    World world;
    EXPECT_EQ(world.answer("bob", "!kick alice"), "You need the permission Kick Members to use this command.");
    intent::RestClient alice({.token = world.sandbox.user_token("alice"), .rest_url = world.sandbox.rest_url()});
    const auto no_roles = intent::MemberEdit().roles(std::vector<intent::RoleId>());
    alice.edit_member(world.sandbox.server(), world.sandbox.user_id("bot"), no_roles).get();
    EXPECT_EQ(world.answer("alice", "!kick bob"), "I need the permission Kick Members to do this.");
}

}  // namespace
