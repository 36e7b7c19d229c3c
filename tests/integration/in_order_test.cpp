// Handlers that take the events of a channel one after the other, coroutines and all.
#include "tests/support/client_gate.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <variant>
#include <vector>

namespace intent::in_order_test {
namespace {

using namespace std::chrono_literals;
using test::Gate;

task<> pass(Gate& gate) { co_await gate; }

class InOrder : public testing::TestWithParam<int> {
protected:
    ClientOptions options(const Sandbox& sandbox) const {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        return options;
    }
};

/// A bot with accounts: it looks at the balance, awaits a call, and takes the coins then.
class Bank {
public:
    explicit Bank(Client& client) : scope_(client) { scope_.on_in_order(&Bank::on_message, this); }

    std::map<std::string, int> balances = {{"alice", 10}};
    test::Recorder<std::string> answers;

private:
    task<> on_message(MessageCreate event) {
        if (event.message.content.rfind("!give ", 0) != 0) co_return;
        const std::string who = event.message.author.username;
        const int coins = std::stoi(event.message.content.substr(6));
        if (balances[who] < coins) {
            answers.add("not enough");
            co_return;
        }
        co_await event.message.reply("as you wish");
        balances[who] -= coins;
        answers.add("given");
    }

    Scope scope_;
};

TEST_P(InOrder, a_balance_is_not_spent_twice) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    Bank bank(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "!give 7");
    sandbox.say("alice", sandbox.general(), "!give 7");
    ASSERT_TRUE(bank.answers.wait_count(2));
    EXPECT_EQ(bank.answers.all(), (std::vector<std::string>{"given", "not enough"}));
    client.stop();
    EXPECT_EQ(bank.balances["alice"], 3);
}

TEST_P(InOrder, events_of_a_channel_wait_for_the_coroutine_and_other_channels_do_not) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    Client client(options(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> begun;
    test::Recorder<std::string> ended;
    std::map<std::string, Gate> gates;
    for (const char* name : {"a1", "a2", "a3", "b1"})
        gates[name];
    client.on_in_order([&](MessageCreate event) -> task<> {
        begun.add(event.message.content);
        co_await pass(gates.at(event.message.content));
        ended.add(event.message.content);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto other = sandbox.create_channel("alice", sandbox.server(), "other");
    for (const char* name : {"a1", "a2", "a3"})
        sandbox.say("alice", sandbox.general(), name);
    sandbox.say("alice", other, "b1");
    ASSERT_TRUE(diary.messages().wait_count(4));
    ASSERT_TRUE(begun.wait_count(2));
    EXPECT_TRUE(begun.wait_contains("a1"));
    EXPECT_TRUE(begun.wait_contains("b1"));
    gates.at("b1").open();
    ASSERT_TRUE(ended.wait_contains("b1"));
    EXPECT_EQ(begun.count(), 2u);
    gates.at("a1").open();
    ASSERT_TRUE(begun.wait_contains("a2"));
    EXPECT_EQ(begun.count(), 3u);
    gates.at("a3").open();
    gates.at("a2").open();
    ASSERT_TRUE(ended.wait_count(4));
    EXPECT_EQ(ended.all(), (std::vector<std::string>{"b1", "a1", "a2", "a3"}));
    client.stop();
}

TEST_P(InOrder, many_events_whose_coroutines_do_not_wait_come_in_order) {
    constexpr int count = 300;
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> seen;
    Gate gate;
    client.on_in_order([&](MessageCreate event) -> task<> {
        if (event.message.content == "0") co_await pass(gate);
        seen.add(event.message.content);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::vector<std::string> expected;
    for (int i = 0; i < count; ++i) {
        sandbox.say("alice", sandbox.general(), std::to_string(i));
        expected.push_back(std::to_string(i));
    }
    ASSERT_TRUE(diary.messages().wait_count(count));
    EXPECT_TRUE(test::eventually([&] { return client.gauges().queued_events >= count - 1; }));
    gate.open();
    ASSERT_TRUE(seen.wait_count(count));
    EXPECT_EQ(seen.all(), expected);
    EXPECT_TRUE(test::eventually([&] { return client.gauges().queued_events == 0; }));
    client.stop();
}

TEST_P(InOrder, a_coroutine_that_fails_is_reported_and_the_next_event_follows) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> seen;
    client.on_in_order([&](MessageCreate event) -> task<> {
        seen.add(event.message.content);
        if (event.message.content == "at once") throw std::runtime_error("broken at once");
        co_await client.sleep_for(1ms);
        if (event.message.content == "later") throw std::runtime_error("broken later");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (const char* text : {"at once", "later", "fine"})
        sandbox.say("alice", sandbox.general(), text);
    ASSERT_TRUE(seen.wait_count(3));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"at once", "later", "fine"}));
    ASSERT_TRUE(diary.errors().wait_count(2));
    EXPECT_EQ(diary.errors().all(),
              (std::vector<std::string>{"MESSAGE_CREATE seq 1: broken at once", "MESSAGE_CREATE seq 2: broken later"}));
    client.stop();
}

TEST_P(InOrder, events_of_several_types_come_in_the_order_of_their_arrival) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> begun;
    test::Recorder<int> deleted;
    Gate gate;
    auto subscription = client.on_in_order<MessageCreate, MessageUpdate, MessageDelete>([&](auto event) -> task<> {
        if constexpr (std::is_same_v<decltype(event), MessageDelete>) {
            begun.add("deleted");
        } else {
            const bool is_new = std::is_same_v<decltype(event), MessageCreate>;
            begun.add((is_new ? "created " : "edited ") + event.message.content);
            if (is_new) co_await pass(gate);
        }
    });
    client.on([&](const MessageDelete&) { deleted.add(1); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto message = sandbox.say("alice", sandbox.general(), "one");
    sandbox.edit("alice", sandbox.general(), message, "two");
    sandbox.remove("alice", sandbox.general(), message);
    ASSERT_TRUE(deleted.wait_count(1));
    ASSERT_TRUE(begun.wait_count(1));
    EXPECT_EQ(begun.all(), std::vector<std::string>{"created one"}) << "the others wait for its coroutine";
    gate.open();
    ASSERT_TRUE(begun.wait_count(3));
    EXPECT_EQ(begun.all(), (std::vector<std::string>{"created one", "edited two", "deleted"}));

    subscription.off();
    const auto last = sandbox.say("alice", sandbox.general(), "three");
    sandbox.remove("alice", sandbox.general(), last);
    ASSERT_TRUE(deleted.wait_count(2));
    EXPECT_EQ(begun.count(), 3u);
    client.stop();
}

/// Takes messages and deletions as a variant.
class Journal {
public:
    explicit Journal(Client& client) : scope_(client) {
        scope_.on_in_order<MessageCreate, MessageDelete>(&Journal::on_change, this);
    }
    void end() { scope_.end(); }
    test::Recorder<std::string> lines;

private:
    using Change = std::variant<MessageCreate, MessageDelete>;

    task<> on_change(Change change) {
        const auto* created = std::get_if<MessageCreate>(&change);
        lines.add(created ? "created " + created->message.content : "deleted");
        co_return;
    }

    Scope scope_;
};

TEST_P(InOrder, a_scope_ends_a_handler_of_several_types) {
    Sandbox sandbox;
    Client client(options(sandbox));
    test::Diary diary(client);
    Journal journal(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto message = sandbox.say("alice", sandbox.general(), "one");
    sandbox.remove("alice", sandbox.general(), message);
    ASSERT_TRUE(journal.lines.wait_count(2));
    EXPECT_EQ(journal.lines.all(), (std::vector<std::string>{"created one", "deleted"}));
    journal.end();
    sandbox.say("alice", sandbox.general(), "two");
    ASSERT_TRUE(diary.messages().wait_count(2));
    EXPECT_EQ(journal.lines.count(), 2u);
    client.stop();
}

INSTANTIATE_TEST_SUITE_P(Handlers, InOrder, testing::Values(0, 1, 4),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(InOrderQueue, counts_in_the_limit_so_that_reading_stops_and_nothing_is_lost) {
    constexpr std::size_t count = 60;
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.queue_bytes = 20'000;
    Client client(options);
    test::Recorder<std::string> seen;
    test::Recorder<std::string> life;
    Gate gate;
    client.on([&](const Ready&) { life.add("ready"); });
    client.on_in_order([&](MessageCreate event) -> task<> {
        if (event.message.content[0] == '0') co_await pass(gate);
        seen.add(event.message.content.substr(0, event.message.content.find(' ')));
    });
    client.start();
    ASSERT_TRUE(life.wait_contains("ready"));
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < count; ++i) {
        sandbox.say("alice", sandbox.general(), std::to_string(i) + " " + std::string(1500, 'x'));
        expected.push_back(std::to_string(i));
    }
    EXPECT_TRUE(test::eventually([&] { return client.gauges().reading_paused; }));
    EXPECT_EQ(seen.count(), 0u);
    EXPECT_LT(client.gauges().queued_events, count);
    gate.open();
    ASSERT_TRUE(seen.wait_count(count));
    EXPECT_EQ(seen.all(), expected);
    EXPECT_TRUE(test::eventually([&] { return !client.gauges().reading_paused; }));
    EXPECT_TRUE(test::eventually([&] { return client.gauges().queued_bytes == 0; }));
    client.stop();
}

TEST(InOrderQueue, is_dropped_when_the_registration_ends) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> begun;
    test::Recorder<std::string> ended;
    Gate gate;
    auto subscription = client.on_in_order([&](MessageCreate event) -> task<> {
        begun.add(event.message.content);
        co_await pass(gate);
        ended.add(event.message.content);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (const char* text : {"1", "2", "3"})
        sandbox.say("alice", sandbox.general(), text);
    ASSERT_TRUE(diary.messages().wait_count(3));
    subscription.off();
    EXPECT_TRUE(test::eventually([&] { return client.gauges().queued_bytes == 0; }));
    gate.open();
    ASSERT_TRUE(ended.wait_contains("1"));
    sandbox.say("alice", sandbox.general(), "4");
    ASSERT_TRUE(diary.messages().wait_count(4));
    EXPECT_EQ(begun.all(), std::vector<std::string>{"1"});
    client.stop();
}

TEST(InOrderQueue, is_left_to_the_next_process_by_a_stop) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    test::Recorder<std::string> begun;
    test::Recorder<std::string> ended;
    const auto run = [&](Client& client, bool hang) {
        client.on_in_order([&, hang](MessageCreate event) -> task<> {
            auto* of_client = &client;
            begun.add(event.message.content);
            if (hang && event.message.content == "2") co_await of_client->sleep_for(10min);
            ended.add(event.message.content);
        });
    };
    auto options = test::options_for(sandbox);
    options.session_file = folder.file("session");
    {
        Client client(options);
        test::Diary diary(client);
        run(client, true);
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        for (const char* text : {"1", "2", "3", "4"})
            sandbox.say("alice", sandbox.general(), text);
        ASSERT_TRUE(diary.messages().wait_count(4));
        ASSERT_TRUE(begun.wait_contains("2"));
        ASSERT_TRUE(test::eventually([&] { return client.gauges().queued_events == 2; }));
        client.stop();
    }
    EXPECT_EQ(begun.all(), (std::vector<std::string>{"1", "2"}));
    Client next(options);
    run(next, false);
    next.start();
    ASSERT_TRUE(ended.wait_count(4));
    EXPECT_EQ(ended.all(), (std::vector<std::string>{"1", "2", "3", "4"}));
    EXPECT_EQ(sandbox.identifies(), 1u);
    next.stop();
}

}  // namespace
}  // namespace intent::in_order_test
