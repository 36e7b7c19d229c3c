#include "moderation.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

using Texts = World<Moderation>::Texts;

struct ModerationTest : testing::Test {
    /// Creates the channel of the log.
    intent::ChannelId start_log() {
        const auto log = world.alice.create_channel(world.server, "log");
        world.alice.say(log, "!modlog on");
        EXPECT_EQ(world.answers(log), Texts{"The log is in this channel."});
        return log;
    }

    World<Moderation> world{":memory:"};
    const intent::ChannelId general = world.general;
    const intent::sandbox::User& alice = world.alice;
    const intent::sandbox::User& bob = world.bob;
    intent::RestClient owner{{.token = alice.token(), .rest_url = world.sandbox.rest_url()}};
};

TEST_F(ModerationTest, kicks) {
    const auto log = start_log();
    EXPECT_EQ(world.ask(bob, "!kick alice"), "You need the permission Kick Members to use this command.");
    EXPECT_EQ(world.ask(alice, "!kick bob for spam"), "bob was removed by alice: for spam");
    const std::string logged = world.text(log);
    EXPECT_NE(logged.find("bob was removed by alice: for spam"), std::string::npos) << logged;
    EXPECT_NE(logged.find("bob left or was removed"), std::string::npos) << logged;
    EXPECT_THROW(owner.get_member(world.server, bob.id()).get(), intent::NotFoundError);
}

TEST_F(ModerationTest, the_bot_needs_the_permission_too) {
    const auto no_roles = intent::MemberEdit().roles(std::vector<intent::RoleId>());
    owner.edit_member(world.server, world.sandbox.user_id("bot"), no_roles).get();
    EXPECT_EQ(world.ask(alice, "!kick bob"), "I need the permission Kick Members to do this.");
}

TEST_F(ModerationTest, purges_the_newest_messages) {
    for (int i = 1; i <= 5; ++i)
        bob.say(general, std::to_string(i));
    EXPECT_EQ(world.ask(alice, "!purge 3"), "I have deleted 3 messages.");
    std::string left;
    for (const auto& message : world.sandbox.messages(general))
        left += message.content + "\n";
    EXPECT_EQ(left, "1\n2\n!purge 3\nI have deleted 3 messages.\n");
}

TEST_F(ModerationTest, purges_messages_of_one_member) {
    for (const char* text : {"1", "2", "3"}) {
        bob.say(general, text);
        alice.say(general, "keep");
    }
    EXPECT_EQ(world.ask(alice, "!purge 2 bob"), "I have deleted 2 messages.");
    EXPECT_EQ(world.ask(alice, "!purge 5 bob"), "I have deleted 1 message.");
    std::size_t kept = 0;
    for (const auto& message : world.sandbox.messages(general))
        kept += message.content == "keep";
    EXPECT_EQ(kept, 3u);
}

TEST_F(ModerationTest, keeps_warnings) {
    EXPECT_EQ(world.ask(alice, "!warnings bob"), "Warnings of bob: none");
    EXPECT_EQ(world.ask(alice, "!warn bob too loud"), "bob was warned by alice: too loud");
    const auto first = intent::format_timestamp(world.sandbox.clock().wall_time());
    world.sandbox.advance(1h);
    world.ask(alice, "!warn bob again");
    const auto second = intent::format_timestamp(world.sandbox.clock().wall_time());
    EXPECT_EQ(world.ask(alice, "!warnings bob"),
              "Warnings of bob:\n" + second + " by alice: again\n" + first + " by alice: too loud");
    EXPECT_EQ(world.ask(alice, "!warnings alice"), "Warnings of alice: none");
    EXPECT_EQ(world.ask(bob, "!warn alice why"), "You need the permission Kick Members to use this command.");
}

TEST_F(ModerationTest, keeps_warnings_across_a_restart) {
    const TestFile file;
    World<Moderation> other(file.path());
    other.ask(other.alice, "!warn bob too loud");
    other.stop();
    other.start();
    EXPECT_TRUE(other.ask(other.alice, "!warnings bob").ends_with(" by alice: too loud"));
}

TEST_F(ModerationTest, logs_edits_and_deletions_with_the_old_text) {
    const auto log = start_log();
    const auto message = bob.say(general, "fist");
    world.answers(log);
    bob.edit(general, message, "first");
    EXPECT_EQ(world.answers(log), Texts{"bob edited a message in #general\nBefore: fist\nAfter: first"});
    alice.remove(general, message);
    EXPECT_EQ(world.answers(log), Texts{"A message by bob was deleted in #general\nText: first"});
}

TEST_F(ModerationTest, logs_messages_that_it_has_not_seen) {
    const TestFile file;
    World<Moderation> other(file.path());
    other.ask(other.alice, "!modlog on");
    other.stop();
    const auto message = other.bob.say(other.general, "early");
    other.start();
    other.bob.remove(other.general, message);
    EXPECT_EQ(other.answers(), Texts{"A message by (unknown) was deleted in #general\nText: (unknown)"});
}

TEST_F(ModerationTest, logs_the_longest_messages_in_parts) {
    const auto log = start_log();
    const std::string before(2000, 'a');
    const std::string after(2000, 'b');
    bob.edit(general, bob.say(general, before), after);
    const std::string all = world.text(log);
    EXPECT_NE(all.find("Before:"), std::string::npos);
    EXPECT_GE(std::ranges::count(all, 'a'), 2000);
    EXPECT_GE(std::ranges::count(all, 'b'), 2000);
}

TEST_F(ModerationTest, logs_who_joins_and_leaves) {
    const auto log = start_log();
    const auto carol = world.sandbox.user("carol");
    EXPECT_EQ(world.answers(log), Texts{"carol joined"});
    carol.leave(world.server);
    EXPECT_EQ(world.answers(log), Texts{"carol left or was removed"});
    owner.remove_member(world.server, bob.id()).get();
    EXPECT_EQ(world.answers(log), Texts{"bob left or was removed"});
}

TEST_F(ModerationTest, logs_a_purge_in_a_few_messages) {
    const auto log = start_log();
    for (int i = 0; i < 50; ++i)
        bob.say(general, "spam " + std::to_string(i));
    world.answers(log);
    const auto before = world.sandbox.messages(log).size();
    world.ask(alice, "!purge 50");
    const std::string all = world.text(log);
    EXPECT_LE(world.sandbox.messages(log).size() - before, 6u) << all;
    for (int i = 0; i < 50; ++i)
        EXPECT_NE(all.find("Text: spam " + std::to_string(i) + "\n"), std::string::npos) << i;
    EXPECT_NE(all.find("alice deleted 50 messages in #general."), std::string::npos) << all;
}

TEST_F(ModerationTest, logs_nothing_unless_it_is_on) {
    const auto log = start_log();
    EXPECT_EQ(world.ask(alice, "!modlog off"), "The log has ended.");
    bob.remove(general, bob.say(general, "one"));
    EXPECT_EQ(world.answers(log), Texts{});
}

TEST_F(ModerationTest, the_log_ends_with_its_channel) {
    const auto log = start_log();
    alice.remove_channel(log);
    bob.remove(general, bob.say(general, "one"));
    world.sandbox.clock().settle();
    const auto requests = world.sandbox.requests();
    bob.remove(general, bob.say(general, "two"));
    world.sandbox.clock().settle();
    EXPECT_EQ(world.sandbox.requests(), requests);
}

TEST_F(ModerationTest, logs_what_happens_while_the_connection_is_down) {
    const auto log = start_log();
    const auto message = bob.say(general, "hello");
    world.answers(log);
    world.sandbox.drop_connections();
    bob.edit(general, message, "goodbye");
    bob.leave(world.server);
    world.sandbox.advance(1min);
    EXPECT_EQ(world.text(log),
              "bob edited a message in #general\nBefore: hello\nAfter: goodbye\nbob left or was removed\n");
}

TEST_F(ModerationTest, goes_on_after_a_line_that_is_refused) {
    const auto log = start_log();
    world.sandbox.fault(fault::status(403).method("POST").path("/channels/*/messages"));
    bob.remove(general, bob.say(general, "one"));
    world.sandbox.clock().settle();
    bob.remove(general, bob.say(general, "two"));
    EXPECT_EQ(world.answers(log), Texts{"A message by bob was deleted in #general\nText: two"});
}

}  // namespace
