#include "highlights.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

using Texts = World<Highlights>::Texts;

struct Starboard : World<Highlights> {
    Starboard() : World(":memory:") {}

    Texts highlights() const {
        Texts texts;
        for (const auto& message : sandbox.messages(best))
            texts.push_back(message.content);
        return texts;
    }

    const intent::sandbox::User carol = sandbox.user("carol");
    const intent::ChannelId best = alice.create_channel(server, "best");
};

TEST(Highlights, reposts_a_message_once_when_enough_members_have_starred_it) {
    Starboard world;
    EXPECT_EQ(world.ask(world.alice, "!highlights #best 2"), "Messages with 2 stars are shown in #best.");
    world.bob.say(world.general, "a joke");
    EXPECT_EQ(world.ask(world.alice, "!star"), "This message by bob has 1 star.");
    EXPECT_EQ(world.ask(world.alice, "!star"), "This message by bob has 1 star.");
    EXPECT_EQ(world.highlights(), Texts{});
    EXPECT_EQ(world.ask(world.carol, "!star"), "This message by bob has 2 stars.");
    EXPECT_EQ(world.ask(world.sandbox.user("dave"), "!star"), "This message by bob has 3 stars.");
    EXPECT_EQ(world.highlights(), Texts{"bob in #general:\na joke"});
}

TEST(Highlights, finds_a_message_by_its_id_or_above_the_command) {
    Starboard world;
    world.ask(world.alice, "!highlights best 1");
    const auto first = world.bob.say(world.general, "one");
    world.bob.say(world.general, "two");
    world.alice.say(world.general, "three");
    EXPECT_EQ(world.ask(world.alice, "!star"), "This message by bob has 1 star.");
    EXPECT_EQ(world.ask(world.alice, "!star " + first.str()), "This message by bob has 1 star.");
    EXPECT_EQ(world.highlights(), (Texts{"bob in #general:\ntwo", "bob in #general:\none"}));
}

TEST(Highlights, refuses_what_cannot_be_starred) {
    Starboard world;
    EXPECT_EQ(world.ask(world.bob, "!star"), "This server has no highlights: see !help highlights.");
    EXPECT_EQ(world.ask(world.bob, "!highlights best"), "You need the permission Manage Channels to use this command.");
    EXPECT_EQ(world.ask(world.alice, "!highlights best"), "Messages with 3 stars are shown in #best.");
    EXPECT_NE(world.ask(world.bob, "!star").find("there is no such message in this channel"), std::string::npos);
    const auto own = world.bob.say(world.general, "mine");
    EXPECT_NE(world.ask(world.bob, "!star " + own.str()).find("you cannot star your own"), std::string::npos);
    const auto hidden = world.alice.create_channel(world.server, "hidden");
    const auto secret = world.alice.say(hidden, "secret");
    const std::string link = "https://intent.chat/channels/" + world.server + "/" + hidden + "/" + secret;
    EXPECT_NE(world.ask(world.bob, "!star " + link).find("there is no such message"), std::string::npos);
    world.bob.say(world.best, "!star");
    world.sandbox.clock().settle();
    EXPECT_EQ(world.highlights().back(), "These are highlights already.");
}

TEST(Highlights, reposts_once_although_the_stars_come_at_the_same_time) {
    Starboard world;
    world.ask(world.alice, "!highlights best 2");
    world.bob.say(world.general, "a joke");
    std::vector<intent::sandbox::User> people;
    for (int i = 0; i < 5; ++i)
        people.push_back(world.sandbox.user("fan" + std::to_string(i)));
    for (const auto& fan : people)
        fan.say(world.general, "!star");
    world.sandbox.clock().settle();
    EXPECT_EQ(world.highlights().size(), 1u) << world.sandbox.transcript();
    EXPECT_EQ(world.ask(world.alice, "!star"), "This message by bob has 6 stars.");
}

TEST(Highlights, shortens_the_longest_messages) {
    Starboard world;
    world.ask(world.alice, "!highlights best 1");
    world.bob.say(world.general, std::string(2'000, 'x'));
    world.ask(world.alice, "!star");
    ASSERT_EQ(world.highlights().size(), 1u);
    EXPECT_TRUE(world.highlights()[0].ends_with("x…"));
}

TEST(Highlights, deletes_the_repost_of_a_deleted_message) {
    Starboard world;
    world.ask(world.alice, "!highlights best 1");
    const auto joke = world.bob.say(world.general, "a joke");
    world.ask(world.alice, "!star");
    ASSERT_EQ(world.highlights().size(), 1u);
    world.bob.remove(world.general, joke);
    world.sandbox.clock().settle();
    EXPECT_EQ(world.highlights(), Texts{});
}

TEST(Highlights, deletes_the_repost_of_a_message_that_is_deleted_meanwhile) {
    Starboard world;
    world.ask(world.alice, "!highlights best 1");
    const auto joke = world.bob.say(world.general, "a joke");
    world.sandbox.fault(fault::delay(2s).method("POST").path("/channels/" + world.best + "/messages"));
    world.alice.say(world.general, "!star");
    world.sandbox.clock().settle();
    world.bob.remove(world.general, joke);
    world.sandbox.advance(5s);
    EXPECT_EQ(world.highlights(), Texts{});
}

TEST(Highlights, tries_again_with_the_next_star_after_a_failure) {
    Starboard world;
    world.ask(world.alice, "!highlights best 1");
    world.bob.say(world.general, "a joke");
    world.sandbox.fault(fault::status(403).method("POST").path("/channels/" + world.best + "/messages"));
    world.ask(world.alice, "!star");
    EXPECT_EQ(world.highlights(), Texts{});
    EXPECT_EQ(world.ask(world.carol, "!star"), "This message by bob has 2 stars.");
    EXPECT_EQ(world.highlights().size(), 1u);
}

}  // namespace
