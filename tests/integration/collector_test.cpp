// Collectors of a bot against the sandbox, on a test clock: nothing is missed while the body of the loop awaits.
#include "tests/support/client_world.hpp"

#include <intent/collector.hpp>
#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace intent::collector_in_sandbox_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

bool of_a_person(const MessageCreate& event) { return !event.message.from_self(); }

/// A bot that collects, on 0, 1 or 4 handler threads, and a second one that posts for it.
class CollectingBot : public testing::TestWithParam<int> {
public:
    CollectingBot() {
        options.bots = {{"bot"}, {"crier"}};
        options.clock = clock;
        sandbox.emplace(options);
        general = sandbox->general();
        auto of_bot = test::options_for(*sandbox);
        of_bot.handler_threads = GetParam();
        of_bot.clock = clock;
        bot.emplace(of_bot);
        auto of_crier = test::options_for(*sandbox);
        of_crier.token = sandbox->bot_token("crier");
        of_crier.clock = clock;
        crier.emplace(of_crier);
    }

    void start() {
        bot->start();
        crier->start();
        clock.settle();
    }
    void say(const std::string& text) { say(general, text); }
    void say(ChannelId channel, const std::string& text) {
        sandbox->say("alice", channel, text);
        clock.settle();
    }
    void burst(int from, int count) {
        for (int i = from; i < from + count; ++i)
            sandbox->say("alice", general, std::to_string(i));
        clock.settle();
    }
    static Texts numbers(int from, int count) {
        Texts texts;
        for (int i = from; i < from + count; ++i)
            texts.push_back(std::to_string(i));
        return texts;
    }
    static std::string text_of(const Error& error) { return error.what(); }

    TestClock clock;
    sandbox::Options options;
    std::optional<Sandbox> sandbox;
    ChannelId general;
    test::Recorder<std::string> seen;
    test::Recorder<std::string> ends;
    std::optional<Client> bot;
    std::optional<Client> crier;
};

TEST_P(CollectingBot, a_burst_while_the_body_sleeps_arrives_whole_and_in_order) {
    bot->on([this](MessageCreate event) -> task<> {
        if (event.message.content != "!start") co_return;
        Collector<MessageCreate> messages(*bot, of_a_person, CollectorOptions{}.in(general).time(1h).count(300));
        while (const auto message = co_await messages.next()) {
            seen.add(message->message.content);
            co_await bot->sleep_for(1s);
        }
        ends.add("end");
    });
    start();
    say("!start");
    burst(0, 100);
    say(sandbox->create_channel("alice", sandbox->server(), "elsewhere"), "not here");
    EXPECT_EQ(seen.all(), Texts{"0"});
    sandbox->advance(50s);
    EXPECT_EQ(seen.count(), 51u);
    burst(100, 200);
    burst(300, 5);
    sandbox->advance(250s);
    EXPECT_EQ(seen.all(), numbers(0, 300));
    EXPECT_EQ(ends.all(), Texts{"end"});
}

TEST_P(CollectingBot, a_poll_counts_each_voter_and_ends_in_time) {
    const ChannelId room = sandbox->create_channel("alice", sandbox->server(), "poll");
    bot->on([this, room](MessageCreate event) -> task<> {
        if (event.message.content != "!poll") co_return;
        Collector<MessageCreate> votes(
            *bot, [](const MessageCreate& vote) { return vote.message.content == "yes"; },
            CollectorOptions{}.in(room).time(60s));
        co_await event.message.reply("open");  // a vote before that would not be counted
        int count = 0;
        while (const auto vote = co_await votes.next()) {
            ++count;
            co_await vote->message.reply("counted");  // 5 in 5 s: slower than the votes
        }
        ends.add(std::to_string(count));
    });
    crier->on([this, room](MessageCreate event) -> task<> {
        if (event.message.content != "open") co_return;
        for (int i = 0; i < 5; ++i)
            co_await crier->rest().create_message(room, "yes");
    });
    start();
    say("!poll");
    for (int i = 0; i < 15; ++i)
        sandbox->say("alice", room, i % 3 == 2 ? "no" : "yes");
    sandbox->advance(60s - 1ms);
    EXPECT_EQ(ends.count(), 0u);
    sandbox->advance(1ms);
    EXPECT_EQ(ends.all(), Texts{"15"});
}

TEST_P(CollectingBot, a_full_queue_ends_it_after_what_is_collected) {
    bot->on([this](MessageCreate event) -> task<> {
        if (event.message.content != "!start") co_return;
        Collector<MessageCreate> messages(*bot, of_a_person, CollectorOptions{}.queue(10));
        try {
            while (const auto message = co_await messages.next()) {
                seen.add(message->message.content);
                co_await bot->sleep_for(1min);
            }
            ends.add("end");
        } catch (const OverflowError& error) {
            ends.add(text_of(error));
        }
    });
    start();
    say("!start");
    burst(0, 20);
    sandbox->advance(1h);
    EXPECT_EQ(seen.all(), numbers(0, 11)) << "one in the body, ten in the queue";
    ASSERT_EQ(ends.count(), 1u);
    EXPECT_NE(ends.all().front().find("10 events wait"), std::string::npos) << ends.all().front();
}

TEST_P(CollectingBot, it_may_be_dropped_while_a_next_waits) {
    std::unique_ptr<Collector<MessageCreate>> messages;
    bot->on([this, &messages](MessageCreate event) -> task<> {
        if (event.message.content == "!drop") messages.reset();
        if (event.message.content != "!start") co_return;
        messages = std::make_unique<Collector<MessageCreate>>(*bot, of_a_person, CollectorOptions{}.in(general));
        try {
            auto next = messages->next();
            co_await std::move(next);
            next = messages->next();
            co_await std::move(next);
            ends.add("event");
        } catch (const CancelledError& error) {
            ends.add(text_of(error));
        }
    });
    start();
    say("!start");
    say("first");
    say("!drop");  // the handler runs before the collectors of its event
    EXPECT_EQ(ends.all(), Texts{"Collector: it was destroyed"});
    say("later");
}

TEST_P(CollectingBot, the_loop_may_end_its_scope) {
    struct Listener {
        explicit Listener(CollectingBot& test) : scope(*test.bot) {
            scope.spawn("listen", &Listener::listen, this, &test);
        }
        task<> listen(CollectingBot* test) {
            const std::shared_ptr<int> local(new int(0), [test](const int* value) {
                delete value;
                test->ends.add("locals destroyed");
            });
            Collector<MessageCreate> messages(scope, of_a_person, CollectorOptions{}.in(test->general));
            while (const auto message = co_await messages.next()) {
                test->seen.add(message->message.content);
                if (message->message.content == "1") scope.end();
            }
            test->ends.add("end");
        }
        Scope scope;
    };
    start();
    Listener listener(*this);
    burst(0, 5);
    EXPECT_EQ(seen.all(), numbers(0, 2));
    EXPECT_EQ(ends.all(), Texts{"locals destroyed"}) << "the coroutine ends at its next co_await";
    burst(5, 5);
    EXPECT_EQ(seen.count(), 2u);
}

TEST_P(CollectingBot, the_end_of_its_scope_and_a_stop_cancel_it) {
    auto scope = std::make_unique<Scope>(*bot);
    auto scoped = std::make_unique<Collector<MessageCreate>>(*scope, of_a_person);
    const auto wait = [](CollectingBot* test, Collector<MessageCreate>* messages) -> task<> {
        try {
            while (const auto message = co_await messages->next())
                test->seen.add(message->message.content);
            test->ends.add("end");
        } catch (const CancelledError&) {
            test->ends.add("cancelled");
        }
    };
    start();
    bot->spawn("scoped", wait(this, scoped.get()));
    say("first");
    scope->end();
    clock.settle();
    EXPECT_EQ(ends.all(), Texts{"cancelled"});

    Collector<MessageCreate> unscoped(*bot, of_a_person);
    bot->spawn("unscoped", wait(this, &unscoped));
    say("second");
    bot->stop();
    EXPECT_TRUE(ends.wait_count(2));
    EXPECT_EQ(ends.all(), (Texts{"cancelled", "cancelled"}));
    EXPECT_EQ(seen.all(), (Texts{"first", "second"}));
    bot.reset();
    scoped.reset();
}

TEST_P(CollectingBot, several_types_keep_the_order_of_their_channel) {
    bot->on([this](MessageCreate event) -> task<> {
        if (event.message.content != "!watch") co_return;
        const auto all = [](const auto&) { return true; };
        Collector<MessageCreate, MessageUpdate, MessageDelete> changes(*bot, all, CollectorOptions{}.in(general));
        for (int i = 0; i < 3; ++i) {
            co_await bot->sleep_for(10s);
            const auto change = co_await changes.next();
            if (const auto* created = std::get_if<MessageCreate>(&*change)) seen.add("new " + created->message.content);
            if (const auto* edited = std::get_if<MessageUpdate>(&*change)) seen.add("now " + edited->message.content);
            if (std::holds_alternative<MessageDelete>(*change)) seen.add("gone");
        }
        changes.stop();
        const auto rest = co_await changes.next();
        ends.add(rest ? "more" : "end");
    });
    start();
    say("!watch");
    const MessageId posted = crier->rest().create_message(general, "one").get().id;
    crier->rest().edit_message(general, posted, "two").get();
    crier->rest().remove_message(general, posted).get();
    sandbox->advance(1min);
    EXPECT_EQ(seen.all(), (Texts{"new one", "now two", "gone"}));
    EXPECT_EQ(ends.all(), Texts{"end"});
}

TEST_P(CollectingBot, the_channels_of_several_threads_share_a_collector) {
    constexpr int rooms = 8;
    constexpr int each = 20;
    std::vector<ChannelId> channels;
    for (int i = 0; i < rooms; ++i)
        channels.push_back(sandbox->create_channel("alice", sandbox->server(), "room-" + std::to_string(i)));
    std::vector<int> next(rooms, 0);
    start();
    Collector<MessageCreate> messages(*bot, of_a_person, CollectorOptions{}.count(rooms * each));
    for (int i = 0; i < each; ++i)
        for (int room = 0; room < rooms; ++room)
            sandbox->say("alice", channels[static_cast<std::size_t>(room)],
                         std::to_string(room) + " " + std::to_string(i));
    int count = 0;
    while (const auto message = messages.next().get()) {
        const auto room = static_cast<std::size_t>(message->message.content.front() - '0');
        EXPECT_EQ(message->message.content.substr(2), std::to_string(next[room]++));
        ++count;
    }
    EXPECT_EQ(count, rooms * each);
}

INSTANTIATE_TEST_SUITE_P(Threads, CollectingBot, testing::Values(0, 1, 4));

}  // namespace
}  // namespace intent::collector_in_sandbox_test
