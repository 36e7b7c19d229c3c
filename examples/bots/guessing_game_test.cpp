#include "guessing_game.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

/// Thinks of 42.
struct Game : GuessingGame {
    explicit Game(intent::Client& client) : GuessingGame(client, [] { return 42; }) {}
};

using Texts = World<Game>::Texts;

constexpr const char* question = "Alice, I am thinking of a number from 1 to 100. What is it?";
constexpr const char* refusal = "Somebody is playing in this channel. Please wait.";

TEST(GuessingGame, leads_the_player_to_the_number) {
    World<Game> world;
    EXPECT_EQ(world.ask(world.alice, "!guess"), question);
    EXPECT_EQ(world.ask(world.alice, "7"), "My number is higher.");
    EXPECT_EQ(world.ask(world.alice, "43"), "My number is lower.");
    EXPECT_EQ(world.ask(world.alice, "42"), "That is right. Guesses: 3");
    EXPECT_EQ(world.ask(world.alice, "42"), "");
    EXPECT_EQ(world.ask(world.alice, "!guess"), question);
}

TEST(GuessingGame, does_not_count_what_is_not_a_number) {
    World<Game> world;
    world.ask(world.alice, "!guess");
    for (const char* text : {"forty-two", "101"})
        EXPECT_EQ(world.ask(world.alice, text), std::string("Expected a whole number from 1 to 100.\n") + question);
    EXPECT_EQ(world.ask(world.alice, "42"), "That is right. Guesses: 1");
}

TEST(GuessingGame, plays_with_one_person_at_a_time) {
    World<Game> world;
    world.ask(world.alice, "!guess");
    EXPECT_EQ(world.ask(world.bob, "!guess"), refusal);
    EXPECT_EQ(world.ask(world.alice, "!guess"), refusal);
    EXPECT_EQ(world.ask(world.bob, "42"), "");
    EXPECT_EQ(world.ask(world.alice, "1"), "My number is higher.");
}

TEST(GuessingGame, plays_in_many_channels_at_once) {
    World<Game> world;
    std::vector<intent::ChannelId> channels;
    for (int i = 0; i < 10; ++i)
        channels.push_back(world.alice.create_channel(world.sandbox.server(), "game-" + std::to_string(i)));
    for (const char* text : {"!guess", "1", "42"}) {
        for (const auto channel : channels)
            world.alice.say(channel, text);
        world.sandbox.advance(1s);  // the client sends at most 50 requests per second
    }
    for (const auto channel : channels)
        EXPECT_EQ(world.sandbox.messages(channel).back().content, "That is right. Guesses: 2");
}

TEST(GuessingGame, ends_when_the_time_is_up) {
    World<Game> world;
    world.ask(world.alice, "!guess");
    world.sandbox.advance(20s);
    EXPECT_EQ(world.ask(world.alice, "1"), "My number is higher.");
    world.sandbox.advance(30s - 1ms);
    EXPECT_EQ(world.ask(world.bob, "!guess"), refusal);
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.answers(), Texts{"The game is over. The number was 42."});
    EXPECT_EQ(world.ask(world.alice, "!guess"), question);
}

TEST(GuessingGame, hears_a_guess_that_was_made_during_a_cut) {
    World<Game> world;
    world.ask(world.alice, "!guess");
    world.sandbox.drop_connections();
    world.alice.say(world.general, "42");
    world.sandbox.advance(10s);
    EXPECT_EQ(world.answers(), Texts{"That is right. Guesses: 1"});
}

TEST(GuessingGame, frees_the_channel_after_an_error) {
    World<Game> world;
    world.sandbox.fault(fault::status(400).method("POST").path("/channels/*/messages"));
    world.ask(world.alice, "!guess");
    EXPECT_EQ(world.ask(world.alice, "!guess"), question);
}

}  // namespace
