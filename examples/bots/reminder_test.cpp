#include "reminder.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

using Texts = std::vector<std::string>;

struct World {
    World() {
        bot.start();
        sandbox.clock().settle();
    }

    /// What the bot has said since the last call, once nothing is left to do.
    Texts answers() {
        sandbox.clock().settle();
        Texts texts;
        for (const auto& message : sandbox.messages(general)) {
            if (message.id <= seen || message.author.username != "bot") continue;
            texts.push_back(message.content);
            seen = message.id;
        }
        return texts;
    }

    intent::Sandbox sandbox{{.limits = false, .clock = intent::TestClock()}};
    intent::Client bot{{.token = sandbox.bot_token(),
                        .gateway_url = sandbox.gateway_url(),
                        .rest_url = sandbox.rest_url(),
                        .clock = sandbox.clock()}};
    std::optional<Reminders> reminders{std::in_place, bot};
    const intent::ChannelId general = sandbox.general();
    const intent::sandbox::User alice = sandbox.user("alice");
    const intent::sandbox::User bob = sandbox.user("bob");
    intent::MessageId seen;
};

TEST(Reminders, reminds_when_the_time_has_come) {
    World world;
    world.alice.say(world.general, "!remind 2h tea");
    EXPECT_EQ(world.answers(), Texts{"I will remind you. This is reminder 1."});
    world.sandbox.advance(2h - 1ms);
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.answers(), Texts{"alice, remember: tea"});
    world.alice.say(world.general, "!reminders");
    EXPECT_EQ(world.answers(), Texts{"You have no reminders."});
}

TEST(Reminders, parses_delays) {
    EXPECT_EQ(parse_delay("10s"), 10s);
    EXPECT_EQ(parse_delay("5m"), 5min);
    EXPECT_EQ(parse_delay("24h"), 24h);
    for (const char* text :
         {"", "s", "10", "10x", "10 s", "10ss", "0s", "-1s", "25h", "86401s", "86400h", "9999999999s"})
        EXPECT_FALSE(parse_delay(text)) << text;
}

TEST(Reminders, says_how_to_ask) {
    World world;
    for (const char* text : {"!remind", "!remind 10s", "!remind tea 10s"}) {
        world.alice.say(world.general, text);
        EXPECT_EQ(world.answers(), Texts{"Write for example: !remind 10s tea"}) << text;
    }
}

TEST(Reminders, lists_and_cancels_those_of_one_person) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    world.sandbox.clock().settle();
    world.bob.say(world.general, "!remind 1h coffee");
    EXPECT_EQ(world.answers(),
              (Texts{"I will remind you. This is reminder 1.", "I will remind you. This is reminder 2."}));
    world.bob.say(world.general, "!cancel 1");
    EXPECT_EQ(world.answers(), Texts{"You have no reminder with that number."});
    world.alice.say(world.general, "!reminders");
    EXPECT_EQ(world.answers(), Texts{"1: tea\n"});
    world.alice.say(world.general, "!cancel 1");
    EXPECT_EQ(world.answers(), Texts{"Reminder 1 is cancelled."});
    world.alice.say(world.general, "!reminders");
    EXPECT_EQ(world.answers(), Texts{"You have no reminders."});
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: coffee"});
}

TEST(Reminders, reminds_of_many_things_at_once) {
    World world;
    for (int i = 0; i < 50; ++i)
        world.alice.say(world.general, "!remind 1h thing");
    world.sandbox.advance(5s);  // the client sends at most 50 requests per second
    EXPECT_EQ(world.answers().size(), 50u);
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts(50, "alice, remember: thing"));
}

TEST(Reminders, hears_a_request_that_was_made_during_a_cut) {
    World world;
    world.sandbox.drop_connections();
    world.alice.say(world.general, "!remind 1h tea");
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1min);
    EXPECT_EQ(world.answers(), Texts{"I will remind you. This is reminder 1."});
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{"alice, remember: tea"});
}

TEST(Reminders, keeps_reminders_when_the_session_is_lost) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    world.sandbox.clock().settle();
    world.sandbox.drop_connections();
    world.sandbox.forget_sessions();
    world.sandbox.advance(1min);
    EXPECT_EQ(world.sandbox.identifies(), 2u);
    world.answers();
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{"alice, remember: tea"});
}

TEST(Reminders, tries_again_when_the_platform_does_not_answer) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    world.answers();
    const auto broken = world.sandbox.fault(fault::drop_request().method("POST").path("/channels/*/messages").times(3));
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1min);
    EXPECT_EQ(world.answers(), Texts{"alice, remember: tea"});
    EXPECT_EQ(world.sandbox.hits(broken), 3u);
}

TEST(Reminders, ends_with_its_object) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    world.answers();
    world.reminders.reset();
    const Reminders others(world.bot);
    world.alice.say(world.general, "!remind 1h coffee");
    world.answers();
    world.sandbox.advance(24h);
    EXPECT_EQ(world.answers(), Texts{"alice, remember: coffee"});
}

}  // namespace
