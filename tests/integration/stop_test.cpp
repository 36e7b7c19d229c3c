// Ending a client: from anywhere, at any time, any number of times, and everything that is pending ends with it.
#include "tests/support/client_world.hpp"
#include "tests/support/threads.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::stop_test {
namespace {

using namespace std::chrono_literals;

/// True if `running` ended with CancelledError.
template <class T>
bool cancelled(task<T> running) {
    try {
        running.get();
    } catch (const CancelledError&) {
        return true;
    }
    return false;
}

bool closed_by_client(const Sandbox& sandbox, std::size_t times) {
    return test::eventually([&] { return sandbox.closes().size() >= times; }) &&
           sandbox.closes() == std::vector<sandbox::Close>(times, {.code = 1000, .by_sandbox = false});
}

TEST(Stop, case_011_073_077_before_start_repeatedly_from_many_threads_and_start_again) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.stop();
    EXPECT_THROW(client.rest().get_servers().get(), CancelledError);

    client.start();
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(client.wait(0ms), std::nullopt);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { client.stop(); });
    for (auto& thread : threads)
        thread.join();
    client.stop();
    EXPECT_EQ(client.wait(0ms), 0);
    EXPECT_TRUE(closed_by_client(sandbox, 1));

    client.start();
    ASSERT_TRUE(diary.wait_ready(2));
    EXPECT_EQ(client.rest().get_current_user().get().username, "bot");
    client.stop();
    EXPECT_TRUE(closed_by_client(sandbox, 2));
    EXPECT_EQ(sandbox.identifies(), 2u);
}

TEST(Stop, case_072_right_after_a_start) {
    Sandbox sandbox;
    for (int i = 0; i < 5; ++i) {
        Client client(test::options_for(sandbox));
        client.start();
        client.stop();
        EXPECT_EQ(client.wait(0ms), 0);
    }
    EXPECT_TRUE(test::eventually([&] { return sandbox.connections() == 0; }));
}

TEST(Stop, case_073_from_a_handler_ends_run) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    client.on([&](const Ready&) { client.stop(); });
    EXPECT_EQ(client.run(), 0);
    EXPECT_TRUE(closed_by_client(sandbox, 1));
}

TEST(Stop, case_073_from_a_coroutine_on_the_io_thread_ends_run) {
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.handler_threads = 0;
    Client client(options);
    client.on([&](Ready event) -> task<> {
        co_await event.user.fetch();
        client.stop();
    });
    EXPECT_EQ(client.run(), 0);
    EXPECT_TRUE(closed_by_client(sandbox, 1));
}

TEST(Stop, by_a_signal_ends_run) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    client.on([](const Ready&) { std::raise(SIGTERM); });
    EXPECT_EQ(client.run(), 0);
    EXPECT_TRUE(closed_by_client(sandbox, 1));
}

TEST(Stop, case_127_does_not_wait_for_a_handler_that_never_returns) {
    Sandbox sandbox;
    auto door = std::make_shared<test::Door>();  // of the handler, which outlives the client
    auto entered = std::make_shared<test::Door>();
    auto left = std::make_shared<test::Door>();
    {
        Client client(test::options_for(sandbox));
        client.on([=](const Ready&) {
            entered->open();
            door->pass(1h);
            left->open();
        });
        client.start();
        ASSERT_TRUE(entered->pass());
        client.stop();
    }
    EXPECT_FALSE(left->is_open());
    EXPECT_TRUE(closed_by_client(sandbox, 1));
    door->open();
    EXPECT_TRUE(left->pass());
}

TEST(Stop, case_074_075_a_client_that_is_destroyed_cancels_every_call_that_is_pending) {
    Sandbox sandbox;
    std::vector<task<Message>> sending;
    std::vector<task<>> sleeping;
    std::vector<task<std::optional<MessageCreate>>> waiting;
    {
        Client client(test::options_for(sandbox));
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        for (int i = 0; i < 8; ++i)
            sending.push_back(client.rest().create_message(sandbox.general(), "number " + std::to_string(i)));
        sleeping.push_back(client.sleep_for(1h));
        sleeping.push_back(client.sleep_for(0ms));
        waiting.push_back(client.wait_for<MessageCreate>([](const auto&) { return false; }, 1h));
        ASSERT_TRUE(test::eventually([&] { return sending[4].done(); }));
    }
    // The limit lets five go out at once; the sixth a second later.
    int ended = 0;
    for (auto& one : sending)
        ended += cancelled(std::move(one)) ? 1 : 0;
    EXPECT_GE(ended, 2);
    EXPECT_LE(ended, 3);
    EXPECT_TRUE(cancelled(std::move(sleeping[0])));
    EXPECT_TRUE(cancelled(std::move(waiting[0])));
}

TEST(Stop, dropped_calls_and_coroutines_that_wait_end_silently) {
    Sandbox sandbox;
    test::Recorder<std::string> ended;
    {
        Client client(test::options_for(sandbox));
        test::Diary diary(client);
        client.on([&](Ready event) -> task<> {
            try {
                co_await client.sleep_for(1h);
            } catch (const CancelledError&) {
                ended.add("handler of " + event.user.username);
            }
        });
        client.on([&](Ready) -> task<> { co_await client.sleep_for(1h); });
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        for (int i = 0; i < 8; ++i)
            static_cast<void>(client.rest().create_message(sandbox.general(), "dropped"));
        ASSERT_TRUE(diary.messages().wait_count(1));
        client.stop();
        EXPECT_EQ(diary.errors().count(), 0u);
    }
    EXPECT_EQ(ended.all(), std::vector<std::string>{"handler of bot"});
}

/// Threads that never cease to call a client while it is stopped and started under them: no call is left hanging.
class StopUnderLoad : public testing::TestWithParam<int> {};

TEST_P(StopUnderLoad, case_075_every_call_ends) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    auto options = test::options_for(sandbox);
    options.handler_threads = GetParam();
    Client client(options);
    std::atomic<bool> enough = false;
    std::atomic<int> ended = 0;
    const auto keep_calling = [&](auto call) {
        while (!enough) {
            try {
                call();
            } catch (const CancelledError&) {
            }
            ++ended;
        }
    };
    std::vector<std::thread> threads;
    threads.emplace_back([&] { keep_calling([&] { client.sleep_for(0ms).get(); }); });
    threads.emplace_back(
        [&] { keep_calling([&] { client.wait_for<Ready>([](const Ready&) { return false; }, 1ms).get(); }); });
    threads.emplace_back([&] { keep_calling([&] { client.rest().message_limit(sandbox.general()).get(); }); });
    threads.emplace_back([&] { keep_calling([&] { client.rest().get_current_user().get(); }); });
    for (int i = 0; i < 20; ++i) {
        client.start();
        const int before = ended;
        EXPECT_TRUE(test::eventually([&] { return ended > before + 20; }));
        client.stop();
    }
    enough = true;
    for (auto& thread : threads)
        thread.join();
}

INSTANTIATE_TEST_SUITE_P(Stop, StopUnderLoad, testing::Values(0, 1),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(Stop, case_074_by_a_handler_that_destroys_the_client) {
    for (const int threads : {0, 1}) {
        Sandbox sandbox;
        auto options = test::options_for(sandbox);
        options.handler_threads = threads;
        const auto before = test::thread_count();
        auto client = std::make_unique<Client>(options);
        test::Door destroyed;
        client->on([&](const Ready&) {
            client.reset();
            destroyed.open();
        });
        client->start();
        ASSERT_TRUE(destroyed.pass());
        EXPECT_TRUE(closed_by_client(sandbox, 1));
        // What the handler did not wait for ends in the background.
        EXPECT_TRUE(test::eventually([&] { return test::thread_count() <= before; }));
    }
}

TEST(Stop, a_structure_of_a_destroyed_client_throws) {
    Sandbox sandbox;
    std::optional<Message> message;
    std::optional<Subscription> subscription;
    std::optional<CacheView<Server, ServerId>> servers;
    {
        Client client(test::options_for(sandbox));
        message = client.rest().create_message(sandbox.general(), "x").get();
        subscription = client.on([](const Ready&) {});
        servers = client.servers();
        EXPECT_TRUE(message->client().alive());
    }
    EXPECT_FALSE(message->client().alive());
    try {
        message->reply("y").get();
        FAIL() << "no error";
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("is gone"), std::string::npos);
    }
    EXPECT_EQ(servers->size(), 0u);
    subscription->off();
}

TEST(Stop, a_client_keeps_working_after_a_move) {
    Sandbox sandbox;
    Client first(test::options_for(sandbox));
    test::Diary diary(first);
    first.start();
    ASSERT_TRUE(diary.wait_ready());
    Client second(std::move(first));
    EXPECT_EQ(second.rest().get_current_user().get().username, "bot");
    sandbox.say("alice", sandbox.general(), "still there");
    EXPECT_TRUE(diary.messages().wait_contains("still there"));
    second.stop();
    EXPECT_TRUE(closed_by_client(sandbox, 1));
}

}  // namespace
}  // namespace intent::stop_test
