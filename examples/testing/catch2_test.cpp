// Tests of a bot with Catch2, version 3 or 2.
#include "world.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

TEST_CASE("the bot answers a ping") {
    World world;
    world.alice.say(world.general, "!ping");
    CHECK(world.sandbox.wait_message(world.general, world.bot, "pong", 10s));
}

TEST_CASE("the bot goes on after its connection was cut") {
    World world;
    world.sandbox.fault(fault::drop().event("MESSAGE_CREATE"));
    world.alice.say(world.general, "!ping");
    CHECK(world.sandbox.wait_message(world.general, world.bot, "pong", 30s));
}

TEST_CASE("how a failure looks", "[.failure]") {
    World world;
    world.sandbox.fault(fault::status(500).times(10));
    world.alice.say(world.general, "!ping");
    CHECK(world.sandbox.wait_message(world.general, world.bot, "pong", 500ms));
}
