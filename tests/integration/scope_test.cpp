// Parts of a bot that come and go while the client runs: nothing of them runs after their Scope.
#include "tests/support/client_gate.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intent::scope_test {
namespace {

using namespace std::chrono_literals;
using test::Gate;

task<> pass(Gate& gate) { co_await gate; }

/// A part with a state of its own, which AddressSanitizer guards.
class Module {
public:
    explicit Module(Client& client) : client_(client), scope_(client) {
        scope_.on(&Module::on_message, this);
        scope_.on([this](const MessageDelete&) { ++*counts_; });
        scope_.spawn("ticker", &Module::tick, this);
    }

    int messages() const { return *counts_; }

private:
    task<> on_message(MessageCreate event) {
        ++*counts_;
        co_await client_.sleep_for(1ms);
        ++*counts_;
        const auto next =
            co_await client_.wait_for<MessageCreate>([this](const MessageCreate&) { return *counts_ > 0; }, 10min);
        if (next) ++*counts_;
        co_await answer(event.message);
        ++*counts_;
    }
    task<> answer(Message message) {
        co_await message.reply("seen");
        ++*counts_;
    }
    task<> tick() {
        for (;;) {
            co_await client_.sleep_for(1ms);
            ++*counts_;
        }
    }

    Client& client_;
    std::unique_ptr<std::atomic<int>> counts_ = std::make_unique<std::atomic<int>>(0);
    Scope scope_;
};

class Scopes : public testing::TestWithParam<int> {
protected:
    ClientOptions options(const Sandbox& sandbox) const {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        return options;
    }
};

TEST_P(Scopes, modules_come_and_go_under_load) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (int round = 0; round < 30; ++round) {
        auto module = std::make_unique<Module>(client);
        for (int i = 0; i < 3; ++i)
            sandbox.say("alice", sandbox.general(), "round " + std::to_string(round));
        // At various moments of its handlers' lives.
        ASSERT_TRUE(test::eventually([&] { return module->messages() > round % 7; }));
        module.reset();
    }
    client.stop();
    EXPECT_EQ(diary.errors().count(), 0u) << diary.errors().all().front();
}

TEST_P(Scopes, no_handler_begins_and_no_coroutine_goes_on_after_the_end) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::atomic<int> calls = 0;
    Gate gate;
    test::Recorder<std::string> steps;
    Scope scope(client);
    scope.on([&](const MessageCreate&) { ++calls; });
    scope.on([&](MessageCreate) -> task<> {
        steps.add("begun");
        co_await pass(gate);
        steps.add("went on");
    });
    scope.once([&](const MessageDelete&) { ++calls; });
    sandbox.say("alice", sandbox.general(), "one");
    ASSERT_TRUE(diary.messages().wait_count(1));
    ASSERT_TRUE(steps.wait_count(1));
    scope.end();
    EXPECT_TRUE(scope.ended());
    EXPECT_EQ(calls, 1);
    gate.open();
    sandbox.say("alice", sandbox.general(), "two");
    scope.on([&](const MessageCreate&) { ++calls; });
    scope.spawn("late", [&]() -> task<> {
        ++calls;
        co_return;
    });
    sandbox.say("alice", sandbox.general(), "three");
    ASSERT_TRUE(diary.messages().wait_count(3));
    client.stop();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(steps.all(), std::vector<std::string>{"begun"});
}

TEST_P(Scopes, an_object_may_be_deleted_in_its_own_handler) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    struct Game {
        explicit Game(Client& client) : scope(client) {}
        std::string word = "a word that is too long for a string's own storage";
        Scope scope;
    };
    auto game = std::make_unique<Game>(client);
    std::atomic<bool> went_on = false;
    game->scope.on([&, self = game.get()](MessageCreate event) -> task<> {
        if (event.message.content != "quit") co_return;
        co_await event.message.reply(self->word);
        game.reset();
        co_await event.message.reply("sent, and its answer not waited for");
        went_on = true;
    });
    sandbox.say("alice", sandbox.general(), "quit");
    ASSERT_TRUE(sandbox.wait_message(sandbox.general(), "bot", "a word that is too long for a string's own storage",
                                     test::long_enough));
    ASSERT_TRUE(
        sandbox.wait_message(sandbox.general(), "bot", "sent, and its answer not waited for", test::long_enough));
    sandbox.say("alice", sandbox.general(), "quit");
    ASSERT_TRUE(diary.messages().wait_count(4));
    client.stop();
    EXPECT_FALSE(went_on);
    EXPECT_FALSE(game);
}

TEST_P(Scopes, its_waits_end_with_cancelled_error) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    auto scope = std::make_unique<Scope>(client);
    const auto held = std::make_shared<int>(1);
    {
        auto message = scope->wait_for<MessageCreate>([held](const MessageCreate&) { return false; }, 24h);
        auto either = scope->wait_for<MessageCreate, MessageDelete>([held](const auto&) { return false; }, 24h);
        auto time = scope->sleep_for(24h);
        EXPECT_GT(held.use_count(), 2);
        scope.reset();
        EXPECT_THROW(message.get(), CancelledError);
        EXPECT_THROW(either.get(), CancelledError);
        EXPECT_THROW(time.get(), CancelledError);
    }
    EXPECT_TRUE(test::eventually([&] { return held.use_count() == 1; }));
}

TEST_P(Scopes, queued_in_order_events_are_dropped_with_it) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    test::Recorder<std::string> begun;
    Gate gate;
    {
        Scope scope(client);
        scope.on_in_order([&](MessageCreate event) -> task<> {
            begun.add(event.message.content);
            co_await pass(gate);
            begun.add("went on");
        });
        for (const char* text : {"1", "2", "3"})
            sandbox.say("alice", sandbox.general(), text);
        ASSERT_TRUE(diary.messages().wait_count(3));
        ASSERT_TRUE(begun.wait_count(1));
    }
    gate.open();
    EXPECT_TRUE(test::eventually([&] { return client.gauges().queued_bytes == 0; }));
    client.stop();
    EXPECT_EQ(begun.all(), std::vector<std::string>{"1"});
}

TEST_P(Scopes, a_spawned_task_that_fails_is_named) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    Scope scope(client);
    scope.spawn("at once", []() -> task<> {
        throw std::runtime_error("broken");
        co_return;
    });
    scope.spawn("later", [&]() -> task<> {
        co_await client.sleep_for(1ms);
        throw std::runtime_error("broken, too");
    });
    EXPECT_TRUE(diary.errors().wait_contains("at once: broken"));
    EXPECT_TRUE(diary.errors().wait_contains("later: broken, too"));
    client.stop();
}

TEST_P(Scopes, a_member_function_is_spawned_with_copies_of_its_arguments) {
    struct Poster {
        Client& client;
        test::Recorder<std::string> posted = {};
        Scope scope{client};
        void begin() {
            const std::string text = "text of a string that is gone";
            scope.spawn("post", &Poster::post, this, text, 2);
        }
        task<> post(const std::string& text, int times) {
            co_await client.sleep_for(1ms);
            posted.add(text + " " + std::to_string(times));
        }
    };
    Sandbox sandbox;
    Client client(options(sandbox));
    Poster poster{client};
    poster.begin();
    EXPECT_TRUE(poster.posted.wait_contains("text of a string that is gone 2"));
    client.stop();
}

INSTANTIATE_TEST_SUITE_P(Modules, Scopes, testing::Values(0, 1, 4),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(Scope, of_a_client_that_is_gone_is_refused_and_may_end) {
    Sandbox sandbox;
    std::unique_ptr<Scope> scope;
    {
        Client client(test::options_for(sandbox));
        scope = std::make_unique<Scope>(client);
        scope->on([](const Ready&) {});
    }
    EXPECT_THROW(scope->on([](const Ready&) {}), UsageError);
    EXPECT_THROW(static_cast<void>(scope->sleep_for(1ms)), UsageError);
    scope->end();
}

TEST(Scope, removes_each_of_many_handlers_for_one_event) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    Scope scope(client);
    const auto held = std::make_shared<int>(1);
    for (int i = 0; i < 500; ++i)
        scope.once([held](const MessageCreate&) {});
    sandbox.say("alice", sandbox.general(), "now");
    ASSERT_TRUE(diary.messages().wait_count(1));
    EXPECT_TRUE(test::eventually([&] { return held.use_count() == 1; }));
}

}  // namespace
}  // namespace intent::scope_test
