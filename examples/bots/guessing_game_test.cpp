#include "guessing_game.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

/// A sandbox with a guessing game that always thinks of 42.
struct World {
    explicit World(std::chrono::milliseconds time_to_answer = 30s) {
        GuessingGameOptions options;
        options.think = [] { return 42; };
        options.time_to_answer = time_to_answer;
        add_guessing_game(bot, options);
        auto ready = bot.wait_for<intent::Ready>([](const intent::Ready&) { return true; }, 10s);
        bot.start();
        ready.get();
    }

    /// Waits until the bot says `text` in answer to `message`.
    intent::sandbox::WaitResult wait_answer(intent::ChannelId channel, intent::MessageId message,
                                            const std::string& text) {
        return sandbox.wait_message(channel, "bot", intent::sandbox::containing(text), 15s,
                                    message);  // a new connection takes 5 s
    }

    std::size_t count(intent::ChannelId channel, std::string_view text) const {
        std::size_t found = 0;
        for (const auto& message : sandbox.messages(channel))
            found += message.content == text;
        return found;
    }

    intent::Sandbox sandbox{{.limits = false}};
    intent::Client bot{
        {.token = sandbox.bot_token(), .gateway_url = sandbox.gateway_url(), .rest_url = sandbox.rest_url()}};
    const intent::ChannelId general = sandbox.general();
    const intent::sandbox::User alice = sandbox.user("alice");
    const intent::sandbox::User bob = sandbox.user("bob");
};

TEST(GuessingGame, leads_the_player_to_the_number) {
    World world;
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "7"), "My number is higher."));
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "43"), "My number is lower."));
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "42"), "That is right. Guesses: 3"));
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
}

TEST(GuessingGame, does_not_count_what_is_not_a_number) {
    World world;
    ASSERT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
    for (const char* text : {"forty-two", "42!", " 42", "99999999999999999999", "!guess"}) {
        const auto message = world.alice.say(world.general, text);
        EXPECT_TRUE(world.wait_answer(world.general, message, "Please write a number from 1 to 100.")) << text;
    }
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "42"), "That is right. Guesses: 1"));
}

TEST(GuessingGame, plays_with_one_person_at_a_time) {
    World world;
    ASSERT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
    EXPECT_TRUE(world.wait_answer(world.general, world.bob.say(world.general, "!guess"), "Somebody is playing"));
    world.bob.say(world.general, "42");
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "1"), "My number is higher."));
    EXPECT_EQ(world.count(world.general, "That is right. Guesses: 1"), 0u);
}

TEST(GuessingGame, plays_in_many_channels_at_once) {
    World world;
    std::vector<intent::ChannelId> channels;
    for (int i = 0; i < 10; ++i)
        channels.push_back(world.alice.create_channel(world.sandbox.server(), "game-" + std::to_string(i)));
    for (const auto channel : channels)
        world.alice.say(channel, "!guess");
    for (const auto channel : channels)
        EXPECT_TRUE(world.wait_answer(channel, {}, "I am thinking"));
    for (const auto channel : channels)
        world.alice.say(channel, "42");
    for (const auto channel : channels)
        EXPECT_TRUE(world.wait_answer(channel, {}, "That is right. Guesses: 1"));
}

TEST(GuessingGame, ends_when_the_time_is_up) {
    World world(50ms);
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "Your time is up."));
    EXPECT_TRUE(world.wait_answer(world.general, world.bob.say(world.general, "!guess"), "I am thinking"));
}

TEST(GuessingGame, hears_a_guess_that_was_made_during_a_cut) {
    World world;
    ASSERT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
    world.sandbox.drop_connections();
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "42"), "That is right."));
}

TEST(GuessingGame, frees_the_channel_after_an_error) {
    World world;
    world.sandbox.fault(fault::status(403).method("POST").path("/channels/*/messages"));
    auto failed = world.bot.wait_for<intent::ErrorEvent>([](const intent::ErrorEvent&) { return true; }, 10s);
    world.alice.say(world.general, "!guess");
    ASSERT_TRUE(failed.get());
    EXPECT_TRUE(world.wait_answer(world.general, world.alice.say(world.general, "!guess"), "I am thinking"));
}

}  // namespace
