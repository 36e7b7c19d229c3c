#include "bridge.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace fault = intent::sandbox::fault;

namespace {

using Texts = World<Bridge>::Texts;

/// alice owns the first server, with #general, and bob the second, with #lobby.
struct Servers : World<Bridge> {
    explicit Servers(const std::string& file = ":memory:") : World(file) {
        sandbox.user("bot").join(second);
        sandbox.clock().settle();
    }

    std::string answer(const intent::sandbox::User& user, intent::ChannelId channel, const std::string& line) {
        user.say(channel, line);
        return answers(channel).back();
    }

    void connect() {
        answer(alice, general, "!bridge " + lobby);
        answer(bob, lobby, "!bridge " + general);
    }

    /// What people said in a channel, or seem to have said.
    Texts talk(intent::ChannelId channel) {
        sandbox.clock().settle();
        Texts lines;
        for (const auto& message : sandbox.messages(channel)) {
            const std::string& author = message.author.display_name;
            if (author != "bot" && !message.content.starts_with("!")) lines.push_back(author + ": " + message.content);
        }
        return lines;
    }

    std::vector<intent::Webhook> webhooks() { return owner.get_webhooks(lobby).get(); }

    const intent::ServerId second = bob.create_server("Second");
    const intent::ChannelId lobby = bob.create_channel(second, "lobby");
    intent::RestClient owner{{.token = bob.token(), .rest_url = sandbox.rest_url()}};
};

TEST(Bridge, connects_channels_once_both_sides_want_it) {
    Servers world;
    const std::string wanted = "Write in the other channel: !bridge " + world.general;
    EXPECT_EQ(world.answer(world.alice, world.general, "!bridge"), wanted);
    EXPECT_EQ(world.answer(world.alice, world.general, "!bridge " + world.lobby), wanted);
    world.alice.say(world.general, "hello?");
    EXPECT_EQ(world.talk(world.lobby), Texts{});
    EXPECT_EQ(world.answer(world.bob, world.lobby, "!bridge " + world.general), "The channels are connected.");
}

TEST(Bridge, copies_in_both_directions_under_the_name_of_the_author) {
    Servers world;
    world.connect();
    world.alice.say(world.general, "hello");
    world.sandbox.clock().settle();
    world.bob.say(world.lobby, "hi");
    EXPECT_EQ(world.talk(world.lobby), (Texts{"Alice: hello", "bob: hi"}));
    EXPECT_EQ(world.talk(world.general), (Texts{"Alice: hello", "bob: hi"}));  // no copies of copies
    world.alice.say(world.general, "again");
    EXPECT_EQ(world.talk(world.lobby).back(), "Alice: again");
    EXPECT_EQ(world.webhooks().size(), 1u);
}

TEST(Bridge, follows_edits_and_deletions) {
    Servers world;
    world.connect();
    const auto first = world.alice.say(world.general, "one");
    const auto second = world.alice.say(world.general, "two");
    world.sandbox.clock().settle();
    world.alice.edit(world.general, first, "ONE");
    world.alice.remove(world.general, second);
    EXPECT_EQ(world.talk(world.lobby), Texts{"Alice: ONE"});
}

TEST(Bridge, keeps_the_order_while_the_webhook_is_slow) {
    Servers world;
    world.connect();
    world.sandbox.fault(fault::delay(3s).method("POST").path("/webhooks/*"));
    const auto message = world.alice.say(world.general, "one");
    world.alice.say(world.general, "two");
    world.alice.edit(world.general, message, "ONE");
    world.sandbox.advance(10s);
    EXPECT_EQ(world.talk(world.lobby), (Texts{"Alice: ONE", "Alice: two"}));
}

TEST(Bridge, ends_on_either_side) {
    Servers world;
    world.connect();
    EXPECT_EQ(world.answer(world.bob, world.lobby, "!bridge off"), "This channel is no longer connected.");
    world.alice.say(world.general, "hello");
    EXPECT_EQ(world.talk(world.lobby), Texts{});
    EXPECT_EQ(world.answer(world.bob, world.lobby, "!bridge " + world.general), "The channels are connected.");
    world.alice.say(world.general, "hello again");
    EXPECT_EQ(world.talk(world.lobby), Texts{"Alice: hello again"});
}

TEST(Bridge, refuses_other_people_and_itself) {
    Servers world;
    EXPECT_EQ(world.answer(world.bob, world.general, "!bridge " + world.lobby),
              "You need the permission Manage Webhooks to use this command.");
    const auto refused = [&](const std::string& id, const std::string& why) {
        const auto answer = world.answer(world.alice, world.general, "!bridge " + id);
        EXPECT_NE(answer.find(why), std::string::npos) << answer;
    };
    refused(world.general.str(), "give the id of another channel");
    refused("lobby", "expected an id (decimal digits)");
}

TEST(Bridge, replaces_a_webhook_that_was_deleted) {
    Servers world;
    world.connect();
    world.alice.say(world.general, "one");
    world.sandbox.clock().settle();
    for (const auto& webhook : world.webhooks())
        webhook.remove().get();
    world.alice.say(world.general, "two");
    EXPECT_EQ(world.talk(world.lobby), (Texts{"Alice: one", "Alice: two"}));
    EXPECT_EQ(world.webhooks().size(), 1u);
}

TEST(Bridge, copies_what_was_said_during_a_cut) {
    Servers world;
    world.connect();
    world.sandbox.drop_connections();
    world.alice.say(world.general, "hello");
    world.sandbox.advance(10s);
    EXPECT_EQ(world.talk(world.lobby), Texts{"Alice: hello"});
}

TEST(Bridge, continues_after_a_restart_and_forgets_copies_after_a_day) {
    const TestFile file;
    Servers world(file.path());
    world.connect();
    const auto first = world.alice.say(world.general, "one");
    world.sandbox.clock().settle();
    world.stop();
    world.start();
    const auto second = world.alice.say(world.general, "two");
    world.sandbox.clock().settle();
    world.alice.edit(world.general, first, "ONE");
    EXPECT_EQ(world.talk(world.lobby), (Texts{"Alice: ONE", "Alice: two"}));
    EXPECT_EQ(world.webhooks().size(), 1u);

    world.sandbox.advance(25h);
    world.alice.edit(world.general, second, "TWO");
    EXPECT_EQ(world.talk(world.lobby).back(), "Alice: two");
}

}  // namespace
