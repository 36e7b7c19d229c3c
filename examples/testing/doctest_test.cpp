// Tests of a bot with doctest.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "world.hpp"

#include <doctest/doctest.h>

#include <ostream>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

TEST_CASE("the bot answers a ping") {
    World world;
    world.alice.say(world.general, "!ping");
    CHECK(world.sandbox.wait_message(world.general, world.bot, "pong", 10s));
}

TEST_CASE("the bot does not answer twice when the event comes twice") {
    World world;
    world.sandbox.fault(fault::duplicate().event("MESSAGE_CREATE"));
    world.alice.say(world.general, "!ping");
    const auto first = world.sandbox.wait_message(world.general, world.bot, "pong", 10s);
    REQUIRE(first);
    world.alice.say(world.general, "!ping");
    const auto is_second = [&](const intent::raw::Message& message) {
        return message.content == "pong" && message.id > first->id;
    };
    CHECK(world.sandbox.wait_message(world.general, is_second, 10s));
    CHECK(world.sandbox.messages(world.general).size() == 4);
}

TEST_CASE("how a failure looks" * doctest::skip()) {
    World world;
    world.sandbox.fault(fault::status(500).times(10));
    world.alice.say(world.general, "!ping");
    CHECK(world.sandbox.wait_message(world.general, world.bot, "pong", 500ms));
}
