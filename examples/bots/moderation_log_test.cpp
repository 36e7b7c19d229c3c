// Tests the moderation log in a sandbox: people edit, delete, join and leave, and the log channel reports it.
#include "moderation_log.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>

using namespace std::chrono_literals;

namespace {

class ModerationLogTest : public testing::Test {
protected:
    // Starts the bot, and waits until it is online and knows all channels.
    struct Bot {
        explicit Bot(const intent::Sandbox& sandbox)
            : client({.token = sandbox.bot_token(),
                      .gateway_url = sandbox.gateway_url(),
                      .rest_url = sandbox.rest_url(),
                      .caches = {.messages = 100}}),
              log(client, 50ms) {
            auto ready = client.wait_for<intent::ChannelsReady>([](const auto&) { return true; }, 10s);
            client.start();
            EXPECT_TRUE(std::move(ready).get());
        }
        intent::Client client;
        ModerationLog log;
    };

    // Returns the channels named "log".
    std::vector<intent::Channel> log_channels() {
        std::vector<intent::Channel> found;
        for (const intent::Channel& channel : owner.get_channels(sandbox.server()).get())
            if (channel.name == "log") found.push_back(channel);
        return found;
    }
    intent::sandbox::WaitResult wait_report(intent::ChannelId channel, std::string text) {
        const auto matches = [text](const intent::raw::Message& message) {
            if (message.embeds.empty()) return message.content == text;
            return *message.embeds[0].title + "\n" + *message.embeds[0].description == text;
        };
        return sandbox.wait_message(channel, matches, 20s);
    }

    intent::Sandbox sandbox{{.limits = false}};
    const intent::ChannelId general = sandbox.general();
    intent::sandbox::User alice = sandbox.user("alice");  // owns the server
    intent::sandbox::User bob = sandbox.user("bob");
    intent::RestClient owner{{.token = alice.token(), .rest_url = sandbox.rest_url()}};
};

TEST_F(ModerationLogTest, reports_edits_and_deletions_with_the_old_text) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    const auto message = bob.say(general, "fist");
    bob.edit(general, message, "first");
    alice.remove(general, message);
    EXPECT_TRUE(wait_report(log, "bob edited a message in #general\nBefore: fist\nAfter: first"));
    EXPECT_TRUE(wait_report(log, "A message by bob was deleted in #general\nText: first"));
    EXPECT_EQ(log_channels().size(), 1u);
}

TEST_F(ModerationLogTest, reports_messages_that_it_has_not_seen) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const auto message = bob.say(general, "early");
    const Bot bot(sandbox);
    bob.remove(general, message);
    EXPECT_TRUE(wait_report(log, "A message by unknown author was deleted in #general\nText: (unknown)"));
}

TEST_F(ModerationLogTest, reports_the_longest_messages) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    const std::string before(2000, 'a'), after(2000, 'b');
    bob.edit(general, bob.say(general, before), after);
    EXPECT_TRUE(wait_report(log, "bob edited a message in #general\nBefore: " + before + "\nAfter: " + after));
}

TEST_F(ModerationLogTest, reports_who_joins_and_leaves) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    const auto carol = sandbox.user("carol");
    EXPECT_TRUE(wait_report(log, "carol joined"));
    carol.leave(sandbox.server());
    EXPECT_TRUE(wait_report(log, "carol left or was removed"));
    owner.remove_member(sandbox.server(), bob.id()).get();
    EXPECT_TRUE(wait_report(log, "bob left or was removed"));
}

TEST_F(ModerationLogTest, reports_roles_that_are_given_and_taken) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    const auto carol = sandbox.user("carol");
    EXPECT_TRUE(wait_report(log, "carol joined"));  // from here on the bot knows her roles
    const auto role = owner.create_role(sandbox.server(), "helper").get();
    const auto member = owner.get_member(sandbox.server(), carol.id()).get().add_role(role.id).get();
    EXPECT_TRUE(wait_report(log, "carol now has the role helper"));
    member.remove_role(role.id).get();
    EXPECT_TRUE(wait_report(log, "carol no longer has the role helper"));
}

TEST_F(ModerationLogTest, creates_one_channel_even_for_events_at_the_same_time) {
    const Bot bot(sandbox);
    for (int i = 0; i < 5; ++i)
        bob.remove(general, bob.say(general, "message " + std::to_string(i)));
    const auto created = [](const intent::sandbox::Entry& entry) { return entry.event == "CHANNEL_CREATE"; };
    ASSERT_TRUE(sandbox.wait_entry(created, 10s));
    ASSERT_EQ(log_channels().size(), 1u);
    const auto log = log_channels()[0].id;
    EXPECT_TRUE(wait_report(log, "A message by bob was deleted in #general\nText: message 4"));
    EXPECT_EQ(sandbox.messages(log).size(), 5u);
    EXPECT_EQ(log_channels().size(), 1u);

    sandbox.clear_journal();
    alice.remove_channel(log);
    bob.remove(general, bob.say(general, "later"));
    EXPECT_TRUE(sandbox.wait_entry(created, 10s)) << sandbox.transcript();
}

TEST_F(ModerationLogTest, reports_what_happens_while_the_connection_is_down) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    const auto message = bob.say(general, "hello");
    sandbox.drop_connections();
    bob.edit(general, message, "goodbye");
    bob.leave(sandbox.server());
    EXPECT_TRUE(wait_report(log, "bob edited a message in #general\nBefore: hello\nAfter: goodbye"));
    EXPECT_TRUE(wait_report(log, "bob left or was removed"));
    EXPECT_EQ(sandbox.messages(log).size(), 2u) << sandbox.transcript();
}

TEST_F(ModerationLogTest, goes_on_after_a_report_that_is_refused) {
    const auto log = alice.create_channel(sandbox.server(), "log");
    const Bot bot(sandbox);
    sandbox.fault(intent::sandbox::fault::status(403).method("POST").path("/channels/*/messages"));
    bob.remove(general, bob.say(general, "one"));
    bob.remove(general, bob.say(general, "two"));
    EXPECT_TRUE(wait_report(log, "A message by bob was deleted in #general\nText: two"));
    EXPECT_EQ(sandbox.messages(log).size(), 1u);
}

}  // namespace
