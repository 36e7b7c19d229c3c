#include "poll.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace {

using Texts = World<Poll>::Texts;

const char* const question =
    "Tea or coffee?\n"
    "1. tea\n"
    "2. black coffee\n"
    "Write a number to vote. The poll ends in 2m.";

std::string begin(World<Poll>& world) {
    return world.ask(world.alice, "!poll 2m \"Tea or coffee?\" tea \"black coffee\"");
}

TEST(Poll, counts_the_last_vote_of_each_member_until_the_time_is_over) {
    World<Poll> world;
    EXPECT_EQ(begin(world), question);
    const auto carol = world.sandbox.user("carol");
    world.bob.say(world.general, "1");
    world.alice.say(world.general, "2");
    carol.say(world.general, "2");
    world.sandbox.advance(2min - 1ms);
    world.bob.say(world.general, "2");
    world.bob.say(world.general, "1");
    carol.say(world.general, "3");  // no vote
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.answers(),
              Texts{"Tea or coffee?\n1. tea: 1 vote\n2. black coffee: 2 votes\nThe winner is: black coffee"});
    world.bob.say(world.general, "1");
    world.sandbox.advance(2min);
    EXPECT_EQ(world.answers(), Texts{});
}

TEST(Poll, only_its_author_can_end_it) {
    World<Poll> world;
    begin(world);
    world.bob.say(world.general, "1");
    EXPECT_EQ(world.ask(world.bob, "end"), "");
    EXPECT_EQ(world.ask(world.alice, "end"),
              "Tea or coffee?\n1. tea: 1 vote\n2. black coffee: 0 votes\nThe winner is: tea");
}

TEST(Poll, each_channel_has_its_own) {
    World<Poll> world;
    const auto kitchen = world.alice.create_channel(world.server, "kitchen");
    begin(world);
    EXPECT_NE(begin(world), question) << "a second poll in the same channel";
    world.bob.say(kitchen, "!poll 1m Soup? yes no");
    EXPECT_EQ(world.answers(kitchen).size(), 1u);
    world.bob.say(world.general, "1");
    world.bob.say(kitchen, "2");
    world.sandbox.advance(2min);
    EXPECT_EQ(world.answers(kitchen), Texts{"Soup?\n1. yes: 0 votes\n2. no: 1 vote\nThe winner is: no"});
    EXPECT_EQ(world.answers(), Texts{"Tea or coffee?\n1. tea: 1 vote\n2. black coffee: 0 votes\nThe winner is: tea"});
}

TEST(Poll, counts_votes_that_arrive_after_a_cut) {
    World<Poll> world;
    begin(world);
    world.sandbox.drop_connections();
    world.bob.say(world.general, "2");
    world.sandbox.advance(2min);
    EXPECT_EQ(world.answers(),
              Texts{"Tea or coffee?\n1. tea: 0 votes\n2. black coffee: 1 vote\nThe winner is: black coffee"});
}

TEST(Poll, refuses_what_is_no_poll) {
    World<Poll> world;
    EXPECT_NE(world.ask(world.bob, "!poll 5s Soup? yes no").find("a poll takes from 10s to 24h"), std::string::npos);
    EXPECT_NE(world.ask(world.bob, "!poll 25h Soup? yes no").find("a poll takes from 10s to 24h"), std::string::npos);
    EXPECT_NE(world.ask(world.bob, "!poll 1m Soup? yes").find("a poll has 2 to 10 options"), std::string::npos);
    EXPECT_NE(world.ask(world.bob, "!poll 1m Soup? 1 2 3 4 5 6 7 8 9 10 11").find("a poll has 2 to 10 options"),
              std::string::npos);
}

TEST(Poll, reads_votes) {
    EXPECT_EQ(parse_vote("1", 3), 0u);
    EXPECT_EQ(parse_vote("3", 3), 2u);
    for (const char* text : {"", "0", "4", "-1", "1.", " 1", "1 ", "one", "99999999999999999999"})
        EXPECT_FALSE(parse_vote(text, 3)) << text;
}

TEST(Poll, has_a_winner_or_not) {
    EXPECT_EQ(poll_result({"a", "b"}, {0, 0}), "\n1. a: 0 votes\n2. b: 0 votes\nNobody has voted.");
    EXPECT_EQ(poll_result({"a", "b", "c"}, {2, 1, 2}), "\n1. a: 2 votes\n2. b: 1 vote\n3. c: 2 votes\nIt is a tie.");
}

}  // namespace
