// Tests of a bot with GoogleTest.
#include "world.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

TEST(PongBot, answers_a_ping) {
    World world;
    world.alice.say(world.general, "!ping");
    EXPECT_TRUE(world.sandbox.wait_message(world.general, world.bot, "pong", 10s));
}

TEST(PongBot, answers_although_it_is_rate_limited) {
    World world;
    const auto limit = world.sandbox.fault(fault::rate_limit(100ms).method("POST").path("/channels/*/messages"));
    world.alice.say(world.general, "!ping");
    EXPECT_TRUE(world.sandbox.wait_message(world.general, world.bot, "pong", 10s));
    EXPECT_EQ(world.sandbox.hits(limit), 1u);
}

TEST(PongBot, says_that_it_was_not_allowed) {
    World world;
    world.sandbox.fault(fault::status(403).method("POST"));  // a GET would match the channel fetch too
    world.alice.say(world.general, "!ping");
    const auto answer =
        world.sandbox.wait_message(world.general, world.bot, intent::sandbox::containing("may not"), 10s);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->author.username, "bot");
}

// With --gtest_also_run_disabled_tests: shows the output of a failure.
TEST(PongBot, DISABLED_fails_and_tells_what_happened_instead) {
    World world;
    world.sandbox.fault(fault::status(500).times(10));
    world.alice.say(world.general, "!ping");
    EXPECT_TRUE(world.sandbox.wait_message(world.general, world.bot, "pong", 500ms));
}
