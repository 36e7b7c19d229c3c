// Handlers that are slow, broken or many, on every number of threads.
#include "tests/support/client_world.hpp"

#include <intent/attempt.hpp>
#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::handlers_test {
namespace {

using namespace std::chrono_literals;

class Threads : public testing::TestWithParam<int> {
protected:
    ClientOptions options(const Sandbox& sandbox) const {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        return options;
    }
};

TEST_P(Threads, case_049_events_of_each_channel_come_in_order) {
    constexpr int channels = 5;
    constexpr int each = 40;
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::vector<ChannelId> ids;
    for (int i = 0; i < channels; ++i)
        ids.push_back(sandbox.create_channel("alice", sandbox.server(), "channel-" + std::to_string(i)));
    for (int i = 0; i < each; ++i) {
        for (int k = 0; k < channels; ++k)
            sandbox.say("alice", ids[static_cast<std::size_t>(k)], std::to_string(k) + " " + std::to_string(i));
    }
    ASSERT_TRUE(diary.messages().wait_count(channels * each));
    std::map<char, int> next;
    for (const auto& text : diary.messages().all())
        EXPECT_EQ(text.substr(2), std::to_string(next[text[0]]++)) << text;
}

TEST_P(Threads, coroutines_resume_in_their_lane_and_errors_are_reported) {
    test::Recorder<bool> same_thread;
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    client.on([&](MessageCreate event) -> task<> {
        if (event.message.content != "start") co_return;
        const auto before = std::this_thread::get_id();
        const Message answer = co_await event.message.reply("one");
        co_await client.sleep_for(1ms);
        co_await answer.reply("two");
        same_thread.add(before == std::this_thread::get_id());
        throw std::runtime_error("after three waits");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "start");
    ASSERT_TRUE(sandbox.wait_message(sandbox.general(), "bot", "two", test::long_enough));
    ASSERT_TRUE(same_thread.wait_count(1));
    EXPECT_TRUE(same_thread.all().front());
    ASSERT_TRUE(diary.errors().wait_count(1));
    EXPECT_EQ(diary.errors().all().front(), "MESSAGE_CREATE seq 1: after three waits");
}

TEST_P(Threads, case_128_a_call_that_would_deadlock_is_refused) {
    test::Recorder<std::string> refused;
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.on([&](const Ready& event) {
        try {
            event.user.fetch().get();
        } catch (const UsageError&) {
            refused.add("get");
        }
        try {
            client.run();
        } catch (const UsageError&) {
            refused.add("run");
        }
    });
    client.start();
    EXPECT_TRUE(refused.wait_contains("get"));
    EXPECT_TRUE(refused.wait_contains("run"));
}

INSTANTIATE_TEST_SUITE_P(Handlers, Threads, testing::Values(0, 1, 4),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(Handlers, case_125_126_failures_and_undecodable_events_are_reported_and_do_no_harm) {
    test::Recorder<std::string> raw;
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    client.on([](const MessageCreate& event) {
        if (event.message.content == "throw") throw std::runtime_error("a handler's own");
        if (event.message.content == "throw 7") throw 7;
    });
    test::Diary diary(client);
    client.on([&](const RawEvent& event) { raw.add(event.name + " " + std::to_string(event.seq)); });
    client.on([](const ErrorEvent&) { throw std::runtime_error("a handler of errors that fails as well"); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());

    sandbox.say("alice", sandbox.general(), "throw");
    sandbox.say("alice", sandbox.general(), "throw 7");
    sandbox.dispatch("MESSAGE_CREATE", R"({"message":{"id":"1","channel_id":"2","content":"no author"}})");
    sandbox.dispatch("MESSAGE_CREATE", R"("not even a map")");
    sandbox.dispatch("MESSAGE_DELETE", R"({"id":"12a","channel_id":"2"})");
    sandbox.dispatch("NEVER_HEARD_OF", R"({"x":[1,2.5,null]})");
    sandbox.dispatch("error", R"({"message":"the name of something else"})");
    sandbox.say("alice", sandbox.general(), "the end");

    ASSERT_TRUE(diary.messages().wait_contains("the end"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"throw", "throw 7", "the end"}));
    ASSERT_TRUE(diary.errors().wait_count(4));
    const auto errors = diary.errors().all();
    ASSERT_EQ(errors.size(), 4u);
    EXPECT_EQ(errors[0], "MESSAGE_CREATE seq 1: a handler's own");
    EXPECT_EQ(errors[1], "MESSAGE_CREATE seq 2: an exception that is not a std::exception");
    EXPECT_EQ(errors[2].rfind("MESSAGE_CREATE seq 3: message.author", 0), 0u) << errors[2];
    EXPECT_EQ(errors[3].rfind("MESSAGE_CREATE seq 4: ", 0), 0u) << errors[3];
    ASSERT_TRUE(raw.wait_count(8));
    EXPECT_EQ(raw.all()[5], "NEVER_HEARD_OF 6");
}

TEST(Handlers, may_report_an_error_that_they_survive) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> seen;
    client.on([&](MessageCreate event) -> task<> {
        try {
            throw std::runtime_error("broken by " + event.message.content);
        } catch (...) {
            client.report_error("the bot");
        }
        const auto sent = co_await attempt(client.rest().create_message(ChannelId{}, "hi"));
        client.report_error("the reply", sent.exception());
        seen.add("survived");
    });
    test::Recorder<std::string> in_error_handler;
    client.on([&](const ErrorEvent& event) {
        in_error_handler.add(event.where);
        client.report_error("no loop", event.error);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "hello");
    ASSERT_TRUE(seen.wait_count(1));
    ASSERT_TRUE(diary.errors().wait_count(2));
    EXPECT_EQ(diary.errors().all().front(), "the bot: broken by hello");
    EXPECT_TRUE(diary.errors().all().back().starts_with("the reply: ")) << diary.errors().all().back();
    EXPECT_EQ(in_error_handler.all(), (std::vector<std::string>{"the bot", "the reply"}));

    EXPECT_THROW(client.report_error("nothing"), UsageError);
    const auto error = std::make_exception_ptr(std::runtime_error("on another thread"));
    client.report_error("", error);
    ASSERT_TRUE(diary.errors().wait_count(3));
    EXPECT_EQ(diary.errors().all().back(), "a task: on another thread");
    {
        Scope scope(client);
        scope.report_error("a scope", error);
        ASSERT_TRUE(diary.errors().wait_count(4));
    }
    client.stop();
}

TEST(Handlers, case_035_that_block_do_not_delay_heartbeats_or_other_calls) {
    test::Door door;
    test::Door entered;
    Sandbox sandbox(sandbox::Options{.heartbeat_interval = 200ms});
    auto options = test::options_for(sandbox);
    options.queue_bytes = 2000;  // so that reading stops as well: then no ACK is read either
    Client client(options);
    test::Diary diary(client);
    client.once([&](const MessageCreate&) {
        entered.open();
        door.pass();
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (int i = 0; i < 300; ++i)
        sandbox.say("alice", sandbox.general(), std::to_string(i) + " " + std::string(1000, 'x'));
    ASSERT_TRUE(entered.pass());
    const auto before = sandbox.heartbeats();
    EXPECT_TRUE(test::eventually([&] { return sandbox.heartbeats() >= before + 8; }));
    EXPECT_EQ(client.rest().get_messages(sandbox.general(), PageOptions().limit(1)).get().size(), 1u);
    EXPECT_LT(diary.messages().count(), 2u);
    door.open();

    ASSERT_TRUE(diary.messages().wait_count(300));
    int next = 0;
    for (const auto& text : diary.messages().all())
        EXPECT_EQ(text.substr(0, text.find(' ')), std::to_string(next++));
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});
    EXPECT_EQ(sandbox.identifies(), 1u);
}

TEST(WaitFor, case_051_ends_with_a_match_a_timeout_or_the_predicates_exception) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());

    auto match = client.wait_for<MessageCreate>([](const auto& event) { return event.message.content == "yes"; }, 1min);
    auto both = client.wait_for<MessageCreate>([](const auto& event) { return event.message.content == "yes"; }, 1min);
    auto broken = client.wait_for<MessageCreate>([](const auto&) -> bool { throw std::runtime_error("no"); }, 1min);
    auto never = client.wait_for<MessageCreate>([](const auto&) { return false; }, 50ms);
    sandbox.say("alice", sandbox.general(), "no");
    sandbox.say("alice", sandbox.general(), "yes");
    const auto found = match.get();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->message.content, "yes");
    EXPECT_EQ(both.get()->message.id, found->message.id);
    EXPECT_THROW(broken.get(), std::runtime_error);
    EXPECT_FALSE(never.get());

    auto cut_short = client.wait_for<MessageCreate>([](const auto&) { return false; }, 1min);
    client.stop();
    EXPECT_THROW(cut_short.get(), CancelledError);
    auto too_late = client.wait_for<MessageCreate>([](const auto&) { return true; }, 1min);
    EXPECT_THROW(too_late.get(), CancelledError);
}

TEST(WaitFor, holds_a_conversation_inside_a_handler) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](MessageCreate event) -> task<> {
        if (event.message.content != "!order") co_return;
        co_await event.message.reply("what?");
        const auto author = event.message.author.id;
        const auto answer = co_await client.wait_for<MessageCreate>(
            [author](const MessageCreate& next) { return next.message.author.id == author; }, 1min);
        // Captures that are more than numbers: the task is named before it is awaited.
        auto waiting =
            client.wait_for<MessageCreate>([wanted = "thanks for " + answer->message.content](
                                               const MessageCreate& next) { return next.message.content == wanted; },
                                           1min);
        co_await answer->message.reply("here is " + answer->message.content);
        const auto thanks = co_await std::move(waiting);
        co_await thanks->message.reply("welcome");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto say = [&](const char* text) { sandbox.say("alice", sandbox.general(), text); };
    const auto heard = [&](const char* text) {
        return sandbox.wait_message(sandbox.general(), "bot", text, test::long_enough).has_value();
    };
    say("!order");
    ASSERT_TRUE(heard("what?"));
    // The question is answered only once the bot waits for it; until then the bot hears nothing of it.
    ASSERT_TRUE(test::eventually([&] {
        say("a rather long list of things");
        return sandbox.wait_message(sandbox.general(), "bot", "here is a rather long list of things", 100ms)
            .has_value();
    }));
    say("thanks for a rather long list of things");
    ASSERT_TRUE(heard("welcome"));
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(Subscriptions, end_when_off_is_called) {
    test::Recorder<std::string> calls;
    Subscription own;
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    auto ended = client.on([&](const MessageCreate&) { calls.add("ended"); });
    client.once([&](const MessageCreate&) { calls.add("once"); });
    own = client.on([&](const MessageCreate&) {
        calls.add("own");
        own.off();
    });
    test::Diary diary(client);
    ended.off();
    ended.off();
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "first");
    sandbox.say("alice", sandbox.general(), "second");
    ASSERT_TRUE(diary.messages().wait_count(2));
    EXPECT_EQ(calls.all(), (std::vector<std::string>{"once", "own"}));
}

}  // namespace
}  // namespace intent::handlers_test
