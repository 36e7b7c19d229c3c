#include "reminder.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

using Texts = World<Reminders>::Texts;

class RemindersTest : public testing::Test {
protected:
    const TestFile file;
    World<Reminders> world{file.path()};
    const intent::ChannelId general = world.general;
    const intent::sandbox::User& alice = world.alice;
    const intent::sandbox::User& bob = world.bob;
};

TEST_F(RemindersTest, remind_when_the_time_has_come) {
    EXPECT_EQ(world.ask(bob, "!remind 2h tea\nand cake"), "I will remind you. This is reminder 1.");
    world.sandbox.advance(2h - 1ms);
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: tea\nand cake"});
    EXPECT_EQ(world.ask(bob, "!reminders"), "Your reminders:");
}

TEST_F(RemindersTest, survive_a_restart) {
    world.ask(bob, "!remind 2h tea");
    world.ask(bob, "!remind 6h cake");
    world.sandbox.advance(1h);
    world.stop();
    world.sandbox.advance(2h);
    EXPECT_EQ(world.answers(), Texts{});
    world.start();
    EXPECT_EQ(world.answers(), Texts{"bob, remember: tea"});  // late, but not lost
    EXPECT_EQ(world.ask(bob, "!reminders"), "Your reminders:\n2 (in 3h): cake");
    world.sandbox.advance(3h);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: cake"});
    world.stop();
    world.start();
    world.sandbox.advance(24h);
    EXPECT_EQ(world.answers(), Texts{});
}

TEST_F(RemindersTest, are_listed_and_cancelled_by_their_author) {
    world.ask(alice, "!remind 1h tea");
    world.ask(bob, "!remind 1h30m coffee");
    EXPECT_EQ(world.ask(bob, "!cancel 1"), "You have no reminder of this number.");
    EXPECT_EQ(world.ask(alice, "!reminders"), "Your reminders:\n1 (in 1h): tea");
    EXPECT_EQ(world.ask(bob, "!reminders"), "Your reminders:\n2 (in 1h30m): coffee");
    EXPECT_EQ(world.ask(alice, "!cancel 1"), "It is cancelled.");
    EXPECT_EQ(world.ask(alice, "!reminders"), "Your reminders:");
    world.sandbox.advance(2h);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: coffee"});
}

TEST_F(RemindersTest, may_be_many_at_once) {
    for (int i = 0; i < 20; ++i)
        bob.say(general, "!remind 1h thing");
    EXPECT_EQ(world.answers().size(), 20u);
    EXPECT_TRUE(world.ask(bob, "!remind 1h thing").starts_with("Try this again in "));
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts(20, "bob, remember: thing"));
}

TEST_F(RemindersTest, are_heard_after_a_cut) {
    world.sandbox.drop_connections();
    bob.say(general, "!remind 1h tea");
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1min);
    EXPECT_EQ(world.answers(), Texts{"I will remind you. This is reminder 1."});
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: tea"});
}

TEST_F(RemindersTest, are_posted_later_if_the_platform_does_not_answer) {
    world.ask(bob, "!remind 1h tea");
    const auto broken = world.sandbox.fault(fault::drop_request().method("POST").path("/channels/*/messages").times(2));
    world.sandbox.advance(1h);
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(10min);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: tea"});
    EXPECT_EQ(world.sandbox.hits(broken), 2u);
}

TEST_F(RemindersTest, end_if_the_member_has_left) {
    world.ask(bob, "!remind 1h tea");
    bob.leave(world.server);
    world.sandbox.advance(24h);
    EXPECT_EQ(world.answers(), Texts{});
}

TEST_F(RemindersTest, digest_comes_every_day_at_its_time) {
    // The world begins on the day before the clocks of Berlin go forward: 09:30 there is 08:30 UTC, then 07:30.
    EXPECT_EQ(world.ask(alice, "!digest 9:30 europe/berlin"),
              "I will post here what is due, daily at 09:30 Europe/Berlin.");
    world.ask(bob, "!remind 10h tea");
    world.ask(bob, "!remind 48h cake");
    world.sandbox.clock().advance_to(*intent::parse_timestamp("2026-03-28T08:29:59Z"));
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1s);
    EXPECT_EQ(world.answers(), Texts{"Due in the next 24 hours:\n1 (in 1h30m): tea"});
    world.sandbox.advance(12h);
    EXPECT_EQ(world.answers(), Texts{"bob, remember: tea"});
    world.sandbox.clock().advance_to(*intent::parse_timestamp("2026-03-29T07:30:00Z"));
    EXPECT_EQ(world.answers(), Texts{"Due in the next 24 hours:\n2 (in 16h30m): cake"});
}

TEST_F(RemindersTest, digest_survives_a_restart_and_ends_when_it_is_switched_off) {
    world.ask(alice, "!digest 09:30 UTC");
    world.stop();
    world.start();
    const intent::DailyTime time("09:30", "UTC");
    world.sandbox.clock().advance_to(time.next_after(world.sandbox.clock().wall_time()));
    EXPECT_EQ(world.answers(), Texts{"Due in the next 24 hours:"});
    EXPECT_EQ(world.ask(alice, "!digest off"), "The digest has ended.");
    world.sandbox.advance(48h);
    EXPECT_EQ(world.answers(), Texts{});
}

TEST_F(RemindersTest, a_new_digest_replaces_the_old_one) {
    world.ask(alice, "!digest 09:30 UTC");
    world.ask(alice, "!digest 10:30 UTC");
    world.sandbox.advance(24h);
    EXPECT_EQ(world.answers().size(), 1u);
}

TEST_F(RemindersTest, digest_needs_a_time_a_zone_and_the_permission) {
    EXPECT_EQ(world.ask(alice, "!digest 25:00 UTC"),
              "!digest 25:00 UTC\n"
              "        ^^^^^ time: expected a time of day from 00:00 to 23:59\n"
              "usage: !digest <time> <zone>");
    EXPECT_EQ(world.ask(alice, "!digest 09:30 berlin"),
              "!digest 09:30 berlin\n"
              "              ^^^^^^ zone: there is no time zone of this name. Did you mean Europe/Berlin?\n"
              "usage: !digest <time> <zone>");
    EXPECT_EQ(world.ask(bob, "!digest 09:30 UTC"), "You need the permission Manage Server to use this command.");
    world.sandbox.advance(48h);
    EXPECT_EQ(world.answers(), Texts{});
}

}  // namespace
