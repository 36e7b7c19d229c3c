// Calls that nothing awaits: where their errors go, and what is left of waits that nobody needs.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intent::dropped_calls_test {
namespace {

using namespace std::chrono_literals;

class Dropped : public testing::TestWithParam<int> {
protected:
    ClientOptions options(const Sandbox& sandbox) const {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        return options;
    }
};

TEST_P(Dropped, calls_are_reported_with_the_call_and_the_event_where_handlers_run) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Recorder<std::string> errors;
    test::Recorder<std::thread::id> threads;
    client.on([&](const ErrorEvent& event) {
        threads.add(std::this_thread::get_id());
        errors.add(event.where + ": " + event.message);
    });
    client.on([&](MessageCreate event) -> task<> {
        if (event.message.content != "go") co_return;
        threads.add(std::this_thread::get_id());
        static_cast<void>(client.rest().remove_message(event.message.channel_id, MessageId{99}));
        co_await client.sleep_for(1ms);
        static_cast<void>(event.message.reply(""));
        static_cast<void>(client.mute(ServerId{}));
    });
    client.start();
    ASSERT_TRUE(test::eventually([&] { return client.gauges().ready; }));
    sandbox.say("alice", sandbox.general(), "go");
    ASSERT_TRUE(errors.wait_count(3));
    const auto has = [&](const char* text) {
        return errors.wait_value([&](const std::string& line) { return line.rfind(text, 0) == 0; }).has_value();
    };
    EXPECT_TRUE(has("MESSAGE_CREATE seq 1: DELETE /channels/{channel_id}/messages/{message_id}: 404"));
    EXPECT_TRUE(has("MESSAGE_CREATE seq 1: POST /channels/{channel_id}/messages: content: empty"));
    EXPECT_TRUE(has("MESSAGE_CREATE seq 1: mute: server_id: 0 is not an id"));
    if (GetParam() <= 1) {
        for (const auto thread : threads.all())
            EXPECT_EQ(thread, threads.all().front());
    }
    client.stop();
}

TEST_P(Dropped, spawned_tasks_are_reported_by_their_names) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    const auto fail_at_once = []() -> task<> {
        throw std::runtime_error("broken");
        co_return;
    };
    client.spawn("before the start", fail_at_once());  // no call of the client has given it a thread
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto held = std::make_shared<int>(1);
    client.spawn("ticker", [&client, held]() -> task<> {
        co_await client.sleep_for(1ms);
        throw std::runtime_error("broken after " + std::to_string(*held));
    });
    client.spawn("", fail_at_once());
    EXPECT_TRUE(diary.errors().wait_contains("before the start: broken"));
    EXPECT_TRUE(diary.errors().wait_contains("ticker: broken after 1"));
    EXPECT_TRUE(diary.errors().wait_contains("a spawned task: broken"));
    EXPECT_TRUE(test::eventually([&] { return held.use_count() == 1; }));
    auto moved = fail_at_once();
    client.spawn("moved", std::move(moved));
    EXPECT_THROW(client.spawn("moved", std::move(moved)), UsageError);  // NOLINT(bugprone-use-after-move)
    client.stop();
}

TEST_P(Dropped, an_error_in_an_error_handler_is_logged_and_not_delivered_to_it) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    const auto log = std::make_shared<test::NotedLog>();
    auto options = this->options(sandbox);
    options.log = log;
    Client client(options);
    std::atomic<int> calls = 0;
    client.on([&](ErrorEvent) -> task<> {
        ++calls;
        static_cast<void>(client.rest().remove_message(ChannelId{}, MessageId{99}));
        client.spawn("report", client.rest().remove_message(ChannelId{2}, MessageId{}));
        co_await client.sleep_for(1ms);
        throw std::runtime_error("cannot report it");
    });
    client.on([&](const MessageCreate&) { throw std::runtime_error("the first"); });
    client.start();
    ASSERT_TRUE(test::eventually([&] { return client.gauges().ready; }));
    sandbox.say("alice", sandbox.general(), "go");
    EXPECT_TRUE(log->lines.wait_contains("client: a handler of ErrorEvent: cannot report it"));
    EXPECT_TRUE(log->lines.wait_value([](const std::string& line) {
        return line.rfind(
                   "client: a handler of ErrorEvent: DELETE /channels/{channel_id}/messages/{message_id}: channel_id",
                   0) == 0;
    }));
    EXPECT_TRUE(log->lines.wait_value([](const std::string& line) {
        return line.rfind(
                   "client: a handler of ErrorEvent: DELETE /channels/{channel_id}/messages/{message_id}: message_id",
                   0) == 0;
    }));
    client.stop();
    EXPECT_EQ(calls, 1);
}

TEST_P(Dropped, a_predicate_may_cause_the_error_that_it_waits_for) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    struct Predicate {
        bool operator()(const MessageCreate& event) const {
            static_cast<void>(event.message.reply(""));  // fails before it is sent
            return false;
        }
        bool operator()(const ErrorEvent& event) const { return event.message.find("empty") != std::string::npos; }
    };
    auto waiting = client.wait_for<MessageCreate, ErrorEvent>(Predicate{}, 30s);
    sandbox.say("alice", sandbox.general(), "go");
    EXPECT_TRUE(waiting.get().has_value());
    client.stop();
}

TEST_P(Dropped, waits_end_at_once_and_leave_no_state_behind) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto held = std::make_shared<int>(1);
    int calls = 0;
    for (int i = 0; i < 20; ++i) {
        auto one = client.wait_for<MessageCreate>([held, &calls](const MessageCreate&) { return ++calls < 0; }, 24h);
        auto two =
            client.wait_for<MessageCreate, MessageDelete>([held, &calls](const auto&) { return ++calls < 0; }, 24h);
        static_cast<void>(client.sleep_for(24h));
    }
    EXPECT_TRUE(test::eventually([&] { return held.use_count() == 1; }));
    sandbox.say("alice", sandbox.general(), "nothing waits for this");
    ASSERT_TRUE(diary.messages().wait_count(1));
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(diary.errors().count(), 0u);
    client.stop();
}

TEST_P(Dropped, a_wait_may_be_dropped_by_its_own_predicate) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto held = std::make_shared<int>(1);
    std::optional<task<std::optional<MessageCreate>>> waiting;
    waiting.emplace(client.wait_for<MessageCreate>(
        [&waiting, held](const MessageCreate&) {
            waiting.reset();
            return true;
        },
        24h));
    sandbox.say("alice", sandbox.general(), "now");
    ASSERT_TRUE(diary.messages().wait_count(1));
    EXPECT_TRUE(test::eventually([&] { return held.use_count() == 1; }));
    client.stop();
}

INSTANTIATE_TEST_SUITE_P(Calls, Dropped, testing::Values(0, 1, 4),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(WaitForAny, ends_with_the_first_of_several_events) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    auto created = client.wait_for<MessageCreate, MessageDelete>([](const auto&) { return true; }, 1min);
    auto named = client.wait_for<ChannelCreate, MessageCreate, MessageDelete>(
        [](const auto& event) {
            if constexpr (requires { event.channel; }) return event.channel.name == "news";
            if constexpr (requires { event.message.content; }) return event.message.content == "never";
            return false;
        },
        1min);
    auto never = client.wait_for<MessageUpdate, MessageDelete>([](const auto&) { return true; }, 20ms);
    auto broken = client.wait_for<MessageDelete, MessageCreate>(
        [](const auto&) -> bool { throw std::runtime_error("no"); }, 1min);
    EXPECT_FALSE(never.get());
    sandbox.say("alice", sandbox.general(), "hello");
    const auto first = created.get();
    ASSERT_TRUE(first);
    ASSERT_TRUE(std::holds_alternative<MessageCreate>(*first));
    EXPECT_EQ(std::get<MessageCreate>(*first).message.content, "hello");
    EXPECT_THROW(broken.get(), std::runtime_error);
    sandbox.create_channel("alice", sandbox.server(), "other");
    sandbox.create_channel("alice", sandbox.server(), "news");
    const auto second = named.get();
    ASSERT_TRUE(second);
    EXPECT_EQ(std::get<ChannelCreate>(*second).channel.name, "news");
    client.stop();
}

}  // namespace
}  // namespace intent::dropped_calls_test
