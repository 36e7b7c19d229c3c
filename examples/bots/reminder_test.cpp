#include "reminder.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

struct World {
    World() {
        auto ready = bot.wait_for<intent::Ready>([](const intent::Ready&) { return true; }, 10s);
        bot.start();
        ready.get();
    }

    intent::sandbox::WaitResult wait_bot(const std::string& text) {
        return sandbox.wait_message(general, bot, intent::sandbox::containing(text),
                                    20s);  // a new connection takes 5 s
    }

    intent::Sandbox sandbox{{.limits = false}};
    intent::Client bot{
        {.token = sandbox.bot_token(), .gateway_url = sandbox.gateway_url(), .rest_url = sandbox.rest_url()}};
    std::optional<Reminders> reminders{std::in_place, bot, 20ms};
    const intent::ChannelId general = sandbox.general();
    const intent::sandbox::User alice = sandbox.user("alice");
    const intent::sandbox::User bob = sandbox.user("bob");
};

TEST(Reminders, reminds_when_the_time_has_come) {
    World world;
    world.alice.say(world.general, "!remind 1s tea");
    EXPECT_TRUE(world.wait_bot("This is reminder 1."));
    const auto reminder = world.wait_bot("alice, remember: tea");
    ASSERT_TRUE(reminder);
    const auto request = world.sandbox.messages(world.general).front();
    EXPECT_GT(reminder->created_at - request.created_at, 990ms);
    world.alice.say(world.general, "!reminders");
    EXPECT_TRUE(world.wait_bot("You have no reminders."));
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
        const auto message = world.alice.say(world.general, text);
        EXPECT_TRUE(
            world.sandbox.wait_message(world.general, "bot", "Write for example: !remind 10s tea", 10s, message))
            << text;
    }
}

TEST(Reminders, lists_and_cancels_those_of_one_person) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    ASSERT_TRUE(world.wait_bot("This is reminder 1."));
    world.bob.say(world.general, "!remind 1h coffee");
    ASSERT_TRUE(world.wait_bot("This is reminder 2."));
    world.bob.say(world.general, "!cancel 1");
    EXPECT_TRUE(world.wait_bot("You have no reminder with that number."));
    world.alice.say(world.general, "!reminders");
    const auto list = world.wait_bot("1: tea");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->content.find("coffee"), std::string::npos);
    world.alice.say(world.general, "!cancel 1");
    EXPECT_TRUE(world.wait_bot("Reminder 1 is cancelled."));
    world.alice.say(world.general, "!reminders");
    EXPECT_TRUE(world.wait_bot("You have no reminders."));
}

TEST(Reminders, does_not_remind_of_what_is_cancelled) {
    World world;
    world.alice.say(world.general, "!remind 3s tea");
    world.alice.say(world.general, "!cancel 1");
    ASSERT_TRUE(world.wait_bot("Reminder 1 is cancelled."));
    world.alice.say(world.general, "!remind 3s coffee");
    ASSERT_TRUE(world.wait_bot("alice, remember: coffee"));
    for (const auto& message : world.sandbox.messages(world.general))
        EXPECT_NE(message.content, "alice, remember: tea");
}

TEST(Reminders, reminds_of_many_things_at_once) {
    World world;
    for (int i = 0; i < 50; ++i)
        world.alice.say(world.general, "!remind 1s thing " + std::to_string(i) + ".");
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(world.wait_bot("remember: thing " + std::to_string(i) + "."));
}

TEST(Reminders, hears_a_request_that_was_made_during_a_cut) {
    World world;
    world.sandbox.drop_connections();
    world.alice.say(world.general, "!remind 1s tea");
    EXPECT_TRUE(world.wait_bot("alice, remember: tea"));
}

TEST(Reminders, keeps_reminders_when_the_session_is_lost) {
    World world;
    world.alice.say(world.general, "!remind 1h tea");
    ASSERT_TRUE(world.wait_bot("This is reminder 1."));
    auto lost = world.bot.wait_for<intent::Gap>([](const intent::Gap&) { return true; }, 30s);
    world.sandbox.drop_connections();
    world.sandbox.forget_sessions();
    ASSERT_TRUE(lost.get());
    world.alice.say(world.general, "!reminders");
    EXPECT_TRUE(world.wait_bot("1: tea"));
}

TEST(Reminders, tries_again_when_the_platform_does_not_answer) {
    World world;
    world.alice.say(world.general, "!remind 2s tea");
    ASSERT_TRUE(world.wait_bot("This is reminder 1."));
    const auto broken = world.sandbox.fault(fault::drop_request().method("POST").path("/channels/*/messages").times(3));
    EXPECT_TRUE(world.wait_bot("alice, remember: tea"));
    EXPECT_EQ(world.sandbox.hits(broken), 3u);
}

TEST(Reminders, ends_with_its_object) {
    World world;
    world.alice.say(world.general, "!remind 3s tea");
    ASSERT_TRUE(world.wait_bot("This is reminder 1."));
    world.reminders.reset();
    const Reminders others(world.bot);
    world.alice.say(world.general, "!remind 3s coffee");
    ASSERT_TRUE(world.wait_bot("alice, remember: coffee"));
    for (const auto& message : world.sandbox.messages(world.general))
        EXPECT_NE(message.content, "alice, remember: tea");
}

}  // namespace
