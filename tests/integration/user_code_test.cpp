// What bots commonly do wrong, and what keeps them from harm.
#include "tests/support/client_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace intent::user_code_test {
namespace {

using namespace std::chrono_literals;

TEST(UserCode, case_127_a_handler_that_does_not_return_is_reported_and_blocks_no_other_thread) {
    Sandbox sandbox;
    const auto log = std::make_shared<test::NotedLog>();
    auto options = test::options_for(sandbox);
    options.handler_threads = 2;
    options.slow_handler_warning = 20ms;
    options.log = log;
    const auto door = std::make_shared<test::Door>();
    const auto entered = std::make_shared<test::Door>();
    Client client(options);
    test::Diary diary(client);
    client.on([=](const MessageCreate& event) {
        if (event.message.content != "block") return;
        entered->open();
        door->pass();
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::vector<ChannelId> channels;  // enough that one of them belongs to the other thread
    for (int i = 0; i < 16; ++i)
        channels.push_back(sandbox.create_channel("alice", sandbox.server(), "channel-" + std::to_string(i)));
    sandbox.say("alice", sandbox.general(), "block");
    ASSERT_TRUE(entered->pass());
    for (const auto channel : channels)
        sandbox.say("alice", channel, "meanwhile");
    EXPECT_TRUE(diary.messages().wait_contains("meanwhile")) << "while the handler blocks";
    EXPECT_TRUE(log->lines.wait_value([](const auto& line) {
        return line.find("a handler has been running for more than 20 ms: MESSAGE_CREATE seq ") != line.npos;
    }));
    door->open();
    EXPECT_TRUE(diary.messages().wait_count(channels.size() + 1)) << "nothing is lost by it";
}

TEST(UserCode, case_129_messages_of_the_bot_and_of_webhooks_can_be_recognized) {
    test::Recorder<std::string> seen;
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const MessageCreate& event) {
        const Message& message = event.message;
        seen.add(message.content + (message.from_self() ? " self" : "") + (message.from_webhook() ? " webhook" : ""));
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    client.rest().create_message(sandbox.general(), "mine").get();
    sandbox.dispatch("MESSAGE_CREATE",
                     R"({"message":{"id":"90","channel_id":"2","webhook_id":"77","author":{"id":"77",)"
                     R"("username":"hook"},"content":"echoed","created_at":"2024-01-15T12:00:00Z"}})");
    sandbox.say("alice", sandbox.general(), "alice's");
    ASSERT_TRUE(seen.wait_contains("alice's"));
    EXPECT_TRUE(seen.wait_contains("mine self"));
    EXPECT_TRUE(seen.wait_contains("echoed webhook"));
    EXPECT_EQ(seen.count(), 3u);
}

TEST(UserCode, case_130_a_coroutine_keeps_its_event_after_its_handler_has_returned) {
    constexpr std::size_t count = 200;
    test::Recorder<std::string> kept;
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](MessageCreate event) -> task<> {
        co_await client.sleep_for(20ms);
        kept.add(event.message.content + " by " + event.message.author.username);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = "text number " + std::to_string(i) + " that is too long to be kept in place";
        sandbox.say("alice", sandbox.general(), text);
        expected.push_back(text + " by alice");
    }
    ASSERT_TRUE(kept.wait_count(count));
    EXPECT_EQ(kept.all(), expected);
    client.stop();
}

TEST(UserCode, case_142_a_webhooks_message_is_delivered_and_its_author_is_not_a_user) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto users = client.users().size();
    sandbox.dispatch(
        "MESSAGE_CREATE",
        R"({"message":{"id":"90","channel_id":"2","webhook_id":"77","author":{"id":"77","username":"hook"},)"
        R"("content":"hooked","created_at":"2024-01-15T12:00:00Z"}})");
    sandbox.dispatch("MESSAGE_CREATE",
                     R"({"message":{"id":"92","channel_id":"2","author":{"id":"78","username":"someone"},)"
                     R"("content":"spoken","created_at":"2024-01-15T12:00:00Z"}})");
    ASSERT_TRUE(diary.messages().wait_contains("spoken"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"hooked", "spoken"}));
    EXPECT_EQ(diary.errors().count(), 0u);
    EXPECT_FALSE(client.users().get(UserId{77}));
    EXPECT_TRUE(client.users().get(UserId{78}));
    EXPECT_EQ(client.users().size(), users + 1);
}

}  // namespace
}  // namespace intent::user_code_test
