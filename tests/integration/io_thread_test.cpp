// Several clients on one I/O thread: each lives and ends for itself.
#include "tests/support/client_world.hpp"
#include "tests/support/growth.hpp"
#include "tests/support/threads.hpp"

#include <intent/errors.hpp>
#include <intent/io_thread.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace intent::io_thread_test {
namespace {

using namespace std::chrono_literals;

sandbox::Options with_bots(int count) {
    sandbox::Options options;
    for (int i = 0; i < count; ++i)
        options.bots.push_back({.name = "bot" + std::to_string(i)});
    return options;
}

ClientOptions options_of(const Sandbox& sandbox, int bot, std::shared_ptr<IoThread> io, int handler_threads) {
    ClientOptions options = test::options_for(sandbox);
    options.token = sandbox.bot_token("bot" + std::to_string(bot));
    test::SecretWatch::of_all_tests()->guard(options.token);
    options.io_thread = std::move(io);
    options.handler_threads = handler_threads;
    return options;
}

class OnOneThread : public testing::TestWithParam<int> {
protected:
    /// A client that was stopped on its own thread is ended by another one, which holds the last of it for a moment. A
    /// process that ends meanwhile would seem to leak what OpenSSL keeps for each thread.
    void TearDown() override {
        EXPECT_TRUE(test::eventually([&] { return test::thread_count() <= before_; })) << "a thread is left behind";
    }

private:
    const std::ptrdiff_t before_ = test::thread_count();
};

TEST_P(OnOneThread, clients_receive_answer_and_stop_independently) {
    constexpr int count = 5;
    Sandbox sandbox(with_bots(count));
    auto io = std::make_shared<IoThread>();
    const auto before = test::thread_count();
    std::vector<std::unique_ptr<Client>> clients;
    std::vector<test::Diary> diaries;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<Client>(options_of(sandbox, i, io, GetParam())));
        diaries.emplace_back(*clients[i]);
        clients[i]->on([i](MessageCreate event) -> task<> {
            if (event.message.content == "!ping " + std::to_string(i)) co_await event.message.reply("pong");
        });
        clients[i]->start();
    }
    for (auto& diary : diaries)
        ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(test::thread_count() - before, count * GetParam());

    sandbox.say("alice", sandbox.general(), "!ping 1");
    EXPECT_TRUE(sandbox.wait_message(sandbox.general(), "bot1", "pong", test::long_enough));
    clients[0]->stop();
    clients.erase(clients.begin() + 1);
    sandbox.say("alice", sandbox.general(), "!ping 4");
    EXPECT_TRUE(sandbox.wait_message(sandbox.general(), "bot4", "pong", test::long_enough));
    clients[0]->start();
    ASSERT_TRUE(diaries[0].wait_ready(2));
    sandbox.say("alice", sandbox.general(), "!ping 0");
    EXPECT_TRUE(sandbox.wait_message(sandbox.general(), "bot0", "pong", test::long_enough));
}

TEST_P(OnOneThread, the_thread_lives_as_long_as_a_client_needs_it) {
    Sandbox sandbox(with_bots(1));
    const auto before = test::thread_count();
    {
        Client client(options_of(sandbox, 0, std::make_shared<IoThread>(), GetParam()));
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.wait_ready());
    }
    EXPECT_TRUE(test::eventually([&] { return test::thread_count() <= before; }));
}

TEST_P(OnOneThread, a_handler_may_stop_its_own_client_and_another) {
    Sandbox sandbox(with_bots(2));
    auto io = std::make_shared<IoThread>();
    Client first(options_of(sandbox, 0, io, GetParam()));
    Client second(options_of(sandbox, 1, io, GetParam()));
    test::Diary one(first);
    test::Diary other(second);
    first.on([&](const MessageCreate&) {
        second.stop();
        first.stop();
    });
    first.start();
    second.start();
    ASSERT_TRUE(one.wait_ready());
    ASSERT_TRUE(other.wait_ready());
    sandbox.say("alice", sandbox.general(), "stop");
    EXPECT_EQ(first.wait(test::long_enough), 0);
    EXPECT_EQ(second.wait(test::long_enough), 0);
    EXPECT_TRUE(test::eventually([&] { return sandbox.connections() == 0; }));
}

TEST_P(OnOneThread, pending_calls_end_with_their_own_client) {
    Sandbox sandbox(with_bots(2));
    auto io = std::make_shared<IoThread>();
    std::optional<Client> first(options_of(sandbox, 0, io, GetParam()));
    Client second(options_of(sandbox, 1, io, GetParam()));
    std::vector<task<Message>> ended;
    for (int i = 0; i < 20; ++i)  // more than the limit allows at once: most of them wait
        ended.push_back(first->rest().create_message(sandbox.general(), "of the first"));
    auto asked = second.rest().get_channel(sandbox.general());
    first.reset();
    int cancelled = 0;
    for (auto& call : ended) {
        try {
            call.get();
        } catch (const CancelledError&) {
            ++cancelled;
        }
    }
    EXPECT_GT(cancelled, 10);
    EXPECT_EQ(asked.get().id, sandbox.general());
}

INSTANTIATE_TEST_SUITE_P(Handlers, OnOneThread, testing::Values(0, 1), [](const auto& row) {
    return row.param == 0 ? std::string("inline") : std::string("threaded");
});

}  // namespace
}  // namespace intent::io_thread_test
