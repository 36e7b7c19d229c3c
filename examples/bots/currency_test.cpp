// Tests the currency bot in a sandbox: people get, spend and try to double their coins.
#include "currency.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

TEST(Currency, gives_daily_coins_once_a_day) {
    World<Currency> world(":memory:");
    EXPECT_EQ(world.ask(world.alice, "!balance"), "You have 0 coins.");
    EXPECT_EQ(world.ask(world.alice, "!daily"), "You get 100 coins and have 100 coins.");
    world.sandbox.advance(1h);
    EXPECT_EQ(world.ask(world.alice, "!daily"), "Come back in 23h.");
    world.sandbox.advance(23h);
    EXPECT_EQ(world.ask(world.alice, "!daily"), "You get 100 coins and have 200 coins.");
}

TEST(Currency, moves_coins_from_one_member_to_another) {
    World<Currency> world(":memory:");
    world.ask(world.alice, "!daily");
    EXPECT_EQ(world.ask(world.alice, "!pay bob 1"), "You gave 1 coin to bob.");
    EXPECT_EQ(world.ask(world.alice, "!balance"), "You have 99 coins.");
    EXPECT_EQ(world.ask(world.alice, "!balance bob"), "bob has 1 coin.");
}

TEST(Currency, refuses_impossible_payments) {
    World<Currency> world(":memory:");
    world.ask(world.alice, "!daily");
    const std::string usage = "\nusage: !pay <member> <amount>";
    EXPECT_EQ(world.ask(world.alice, "!pay alice 5"),
              "!pay alice 5\n     ^^^^^ member: you cannot pay yourself" + usage);
    EXPECT_EQ(world.ask(world.alice, "!pay bob 101"),
              "!pay bob 101\n         ^^^ amount: you have only 100 coins" + usage);
    for (const char* line : {"!pay", "!pay bob", "!pay bob 0", "!pay bob -5", "!pay bob 1.5", "!pay bob 5x",
                             "!pay bob 99999999999999999999", "!pay 5 bob", "!pay carol 5"})
        EXPECT_TRUE(world.ask(world.alice, line).ends_with(usage)) << line;
    EXPECT_EQ(world.ask(world.alice, "!balance"), "You have 100 coins.");
}

TEST(Currency, coins_cannot_be_spent_twice_at_the_same_time) {
    World<Currency> world(":memory:");
    world.ask(world.alice, "!daily");
    std::vector<intent::ChannelId> channels;
    for (int i = 0; i < 6; ++i)
        channels.push_back(world.alice.create_channel(world.sandbox.server(), "shop-" + std::to_string(i)));
    for (const intent::ChannelId channel : channels)
        world.alice.say(channel, "!pay bob 60");
    world.sandbox.clock().settle();
    int paid = 0;
    for (const intent::ChannelId channel : channels)
        paid += world.sandbox.messages(channel).back().content == "You gave 60 coins to bob.";
    EXPECT_EQ(paid, 1) << world.sandbox.transcript();
    EXPECT_EQ(world.ask(world.alice, "!balance"), "You have 40 coins.");
    EXPECT_EQ(world.ask(world.bob, "!balance"), "You have 60 coins.");
}

TEST(Currency, lists_the_richest_members_of_the_server) {
    World<Currency> world(":memory:");
    EXPECT_EQ(world.ask(world.bob, "!top"), "Nobody has coins.");
    const auto carol = world.sandbox.user("carol");
    world.ask(world.alice, "!daily");
    world.ask(world.bob, "!daily");
    world.ask(carol, "!daily");
    world.ask(world.alice, "!pay bob 50");
    EXPECT_EQ(world.ask(world.bob, "!top"), "1. bob: 150 coins\n2. carol: 100 coins\n3. Alice: 50 coins\n");
    world.bob.leave(world.sandbox.server());
    EXPECT_EQ(world.ask(world.alice, "!top"), "1. carol: 100 coins\n2. Alice: 50 coins\n");

    const auto other = world.alice.create_server("Other");
    world.sandbox.user("bot").join(other);
    const auto lobby = world.alice.create_channel(other, "lobby");
    world.alice.say(lobby, "!top");
    EXPECT_EQ(world.answers(lobby), World<Currency>::Texts{"Nobody has coins."});
}

TEST(Currency, counts_a_command_once_although_it_arrives_twice) {
    World<Currency> world(":memory:");
    world.ask(world.alice, "!daily");
    const auto twice = world.sandbox.fault(intent::sandbox::fault::duplicate().event("MESSAGE_CREATE").user("bot"));
    world.ask(world.alice, "!pay bob 10");
    EXPECT_EQ(world.sandbox.hits(twice), 1u);
    EXPECT_EQ(world.ask(world.bob, "!balance"), "You have 10 coins.");
}

TEST(Currency, remembers_the_coins) {
    const TestFile file;
    World<Currency> world(file.path());
    world.ask(world.alice, "!daily");
    world.stop();
    world.start();
    EXPECT_EQ(world.ask(world.alice, "!balance"), "You have 100 coins.");
    EXPECT_EQ(world.ask(world.alice, "!daily"), "Come back in 1d.");
}

}  // namespace
