// Collectors: what they keep, how they end, and who may end them when. Events are put into the registry by the test.
#include "client/api/awaiters.hpp"
#include "client/async/scope_state.hpp"
#include "client/waiting/collector_state.hpp"
#include "tests/support/waiting.hpp"

#include <intent/client.hpp>
#include <intent/clock.hpp>
#include <intent/collector.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace intent::collector_test {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<std::uint64_t>;

bool any(const MessageDelete&) { return true; }
bool is_odd(const MessageDelete& event) { return event.id.value % 2 == 1; }

class Collecting : public testing::Test {
protected:
    Collecting() {
        ClientOptions options;
        options.token = Token("t");
        options.log = nullptr;
        options.clock = clock;
        context = detail::make_client(options);
        context->running();
    }
    ~Collecting() override { context->stop(); }

    detail::CollectorHome home(std::shared_ptr<detail::ScopeState> scope = {}) const { return {context, scope}; }

    template <class E>
    void dispatch(const E& event, std::uint64_t key) const {
        context->dispatcher().registry().dispatch(detail::AllEvents::index_of<E>(), &event,
                                                  detail::Origin{"EVENT", 0, {}, key}, [](std::exception_ptr) {});
    }
    void send(std::uint64_t id, std::uint64_t channel = 1) const {
        dispatch(MessageDelete{MessageId{id}, ChannelId{channel}}, channel);
    }
    void send(const Numbers& ids) const {
        for (const auto id : ids)
            send(id);
    }

    bool wanted() const { return context->dispatcher().registry().wanted<MessageDelete>(); }

    /// The ids of the events up to the end.
    static Numbers rest_of(Collector<MessageDelete>& collector) {
        Numbers ids;
        while (const auto event = collector.next().get())
            ids.push_back(event->id.value);
        return ids;
    }

    TestClock clock;
    std::shared_ptr<detail::ClientContext> context;
};

TEST_F(Collecting, it_listens_from_its_construction_and_keeps_the_order) {
    Collector<MessageDelete> collector(home(), is_odd);
    send({1, 2, 3, 4, 5});
    EXPECT_EQ(collector.next().get()->id, MessageId{1});
    send(7);
    collector.stop();
    send(9);
    EXPECT_EQ(rest_of(collector), (Numbers{3, 5, 7}));
    EXPECT_FALSE(collector.next().get()) << "after the end there is never a value";
}

TEST_F(Collecting, a_waiting_next_gets_the_first_event) {
    Collector<MessageDelete> collector(home(), is_odd);
    auto next = collector.next();
    send(2);
    EXPECT_FALSE(next.done());
    send({3, 5});
    EXPECT_EQ(next.get()->id, MessageId{3});
    EXPECT_EQ(collector.next().get()->id, MessageId{5});
}

TEST_F(Collecting, several_types_arrive_as_a_variant) {
    Collector<MessageDelete, TypingStart> collector(home(),
                                                    [](const auto& event) { return event.channel_id.value == 2; });
    send(1, 2);
    dispatch(TypingStart{ChannelId{1}, UserId{5}}, 1);
    dispatch(TypingStart{ChannelId{2}, UserId{6}}, 2);
    collector.stop();
    EXPECT_EQ(std::get<MessageDelete>(*collector.next().get()).id, MessageId{1});
    EXPECT_EQ(std::get<TypingStart>(*collector.next().get()).user_id, UserId{6});
    EXPECT_FALSE(collector.next().get());
}

TEST_F(Collecting, the_predicate_of_a_channel_is_not_called_for_others) {
    int calls = 0;
    const auto counted = [&calls](const MessageDelete&) {
        ++calls;
        return true;
    };
    Collector<MessageDelete> collector(home(), counted, CollectorOptions{}.in(ChannelId{2}));
    Collector<MessageDelete> other(home(), any, CollectorOptions{}.in(ChannelId{3}));
    for (const std::uint64_t channel : {0, 1, 2, 3, 2})
        send(10 + channel, channel);
    collector.stop();
    EXPECT_EQ(rest_of(collector), (Numbers{12, 12}));
    EXPECT_EQ(calls, 2);
    EXPECT_TRUE(wanted());
    other.stop();
    EXPECT_FALSE(wanted());
}

TEST_F(Collecting, it_ends_with_its_count) {
    Collector<MessageDelete> collector(home(), is_odd, CollectorOptions{}.count(2));
    send({1, 2, 3});
    EXPECT_FALSE(wanted());
    send(5);
    EXPECT_EQ(rest_of(collector), (Numbers{1, 3}));
}

TEST_F(Collecting, it_ends_with_its_time) {
    Collector<MessageDelete> collector(home(), any, CollectorOptions{}.time(1h));
    auto next = collector.next();
    clock.advance(1h - 1ms);
    EXPECT_FALSE(next.done());
    send({1, 2});
    clock.advance(1ms);
    send(3);
    EXPECT_EQ(next.get()->id, MessageId{1});
    EXPECT_EQ(rest_of(collector), Numbers{2});

    Collector<MessageDelete> over(home(), any, CollectorOptions{}.time(0ms));
    EXPECT_FALSE(over.next().get());
}

TEST_F(Collecting, until_ends_it_and_sees_what_is_not_collected) {
    const auto four = [](const MessageDelete& event) { return event.id.value == 4; };
    Collector<MessageDelete> collector(home(), is_odd, CollectorOptions{}.until(four));
    send({1, 2, 3, 4, 5});
    EXPECT_EQ(rest_of(collector), (Numbers{1, 3}));

    const auto three = [](const MessageDelete& event) { return event.id.value == 3; };
    Collector<MessageDelete> with_last(home(), is_odd, CollectorOptions{}.until(three));
    send({1, 2, 3, 4, 5});
    EXPECT_EQ(rest_of(with_last), (Numbers{1, 3}));
}

TEST_F(Collecting, an_exception_of_a_predicate_comes_after_what_is_collected) {
    const auto broken = [](const MessageDelete& event) -> bool {
        if (event.id.value == 3) throw std::runtime_error("cannot tell");
        return true;
    };
    Collector<MessageDelete> collector(home(), broken);
    send({1, 2, 3, 4});
    EXPECT_EQ(collector.next().get()->id, MessageId{1});
    EXPECT_EQ(collector.next().get()->id, MessageId{2});
    EXPECT_THROW(collector.next().get(), std::runtime_error);
    EXPECT_THROW(collector.next().get(), std::runtime_error);
    EXPECT_FALSE(wanted());

    Collector<MessageDelete> ended(home(), any, CollectorOptions{}.until(broken));
    auto next = ended.next();
    send(3);
    EXPECT_THROW(next.get(), std::runtime_error);
}

TEST_F(Collecting, a_full_queue_ends_it_with_an_error_that_names_the_limit) {
    Collector<MessageDelete> collector(home(), any, CollectorOptions{}.queue(2));
    auto next = collector.next();
    send({1, 2, 3});
    EXPECT_TRUE(wanted());
    send({4, 5});
    EXPECT_FALSE(wanted());
    EXPECT_EQ(next.get()->id, MessageId{1});
    EXPECT_EQ(collector.next().get()->id, MessageId{2});
    EXPECT_EQ(collector.next().get()->id, MessageId{3});
    try {
        collector.next().get();
        ADD_FAILURE() << "no error";
    } catch (const OverflowError& error) {
        EXPECT_NE(std::string(error.what()).find("2 events"), std::string::npos) << error.what();
    }
}

TEST_F(Collecting, a_thousand_events_wait_by_default) {
    Collector<MessageDelete> collector(home(), any);
    for (std::uint64_t id = 1; id <= 1'000; ++id)
        send(id);
    EXPECT_TRUE(wanted());
    send(1'001);
    for (std::uint64_t id = 1; id <= 1'000; ++id)
        ASSERT_EQ(collector.next().get()->id, MessageId{id});
    EXPECT_THROW(collector.next().get(), OverflowError);
}

TEST_F(Collecting, a_stop_of_the_client_cancels_it) {
    Collector<MessageDelete> idle(home(), any, CollectorOptions{}.time(1h));
    Collector<MessageDelete> filled(home(), any);
    send(1);
    ASSERT_TRUE(idle.next().get());
    auto next = idle.next();
    context->stop();
    EXPECT_THROW(next.get(), CancelledError);
    EXPECT_THROW(filled.next().get(), CancelledError);
    Collector<MessageDelete> late(home(), any);
    EXPECT_THROW(late.next().get(), CancelledError);
}

TEST_F(Collecting, the_end_of_its_scope_cancels_it) {
    const auto scope = std::make_shared<detail::ScopeState>();
    Collector<MessageDelete> collector(home(scope), any);
    send(1);
    auto next = collector.next();
    EXPECT_EQ(next.get()->id, MessageId{1});
    next = collector.next();
    send({2, 3});
    scope->end();
    EXPECT_EQ(next.get()->id, MessageId{2});
    EXPECT_THROW(collector.next().get(), CancelledError);
    EXPECT_FALSE(wanted());
    Collector<MessageDelete> late(home(scope), any);
    EXPECT_THROW(late.next().get(), CancelledError);
}

TEST_F(Collecting, it_may_be_destroyed_while_a_next_waits) {
    auto collector = std::make_unique<Collector<MessageDelete>>(home(), any);
    auto next = collector->next();
    collector.reset();
    EXPECT_THROW(next.get(), CancelledError);
    EXPECT_FALSE(wanted());
}

TEST_F(Collecting, a_dropped_next_takes_no_event) {
    Collector<MessageDelete> collector(home(), any);
    { const auto dropped = collector.next(); }
    send(1);
    EXPECT_EQ(collector.next().get()->id, MessageId{1});
    auto replaced = collector.next();
    EXPECT_THROW(collector.next().get(), UsageError) << "one at a time";
    send(2);
    EXPECT_EQ(replaced.get()->id, MessageId{2});
}

TEST_F(Collecting, the_body_may_end_or_destroy_it) {
    auto collector = std::make_unique<Collector<MessageDelete>>(home(), any);
    Numbers seen;
    std::atomic<bool> done = false;
    const auto body = [](std::unique_ptr<Collector<MessageDelete>>& owner, Numbers& ids,
                         std::atomic<bool>& over) -> task<> {
        while (const auto event = co_await owner->next()) {
            ids.push_back(event->id.value);
            if (event->id.value == 2) owner->stop();
        }
        owner.reset();
        over = true;
    };
    client::spawn(context, "body", body(collector, seen, done), nullptr);
    for (const std::uint64_t id : {1, 2, 3}) {
        send(id);
        clock.settle();
    }
    EXPECT_TRUE(done);
    EXPECT_EQ(seen, (Numbers{1, 2}));
}

TEST_F(Collecting, a_predicate_may_stop_and_destroy_its_collector) {
    std::unique_ptr<Collector<MessageDelete>> collector;
    const auto stops = [&collector](const MessageDelete& event) {
        if (event.id.value == 2) collector->stop();
        return true;
    };
    collector = std::make_unique<Collector<MessageDelete>>(home(), stops);
    send({1, 2, 3});
    EXPECT_EQ(rest_of(*collector), (Numbers{1, 2}));

    const auto destroys = [&collector](const MessageDelete&) {
        collector.reset();
        return true;
    };
    collector = std::make_unique<Collector<MessageDelete>>(home(), destroys);
    auto next = collector->next();
    send({1, 2});
    EXPECT_FALSE(collector);
    EXPECT_THROW(next.get(), CancelledError);
    EXPECT_FALSE(wanted());
}

TEST_F(Collecting, it_moves_with_what_it_has_collected) {
    Collector<MessageDelete> first(home(), any);
    send(1);
    Collector<MessageDelete> second(std::move(first));
    send(2);
    EXPECT_THROW(first.next().get(), UsageError);  // NOLINT(bugprone-use-after-move)
    first = Collector<MessageDelete>(home(), any);
    second.stop();
    EXPECT_EQ(rest_of(second), (Numbers{1, 2}));
    second = std::move(first);
    send(3);
    second.stop();
    EXPECT_EQ(rest_of(second), Numbers{3});
}

TEST_F(Collecting, settings_out_of_range_are_refused) {
    const auto made = [this](const CollectorOptions& options) { Collector<MessageDelete>(home(), any, options); };
    EXPECT_THROW(made(CollectorOptions{}.count(0)), ConfigError);
    EXPECT_THROW(made(CollectorOptions{}.queue(0)), ConfigError);
    EXPECT_THROW(made(CollectorOptions{}.queue(1'000'001)), ConfigError);
    EXPECT_THROW(made(CollectorOptions{}.in(ChannelId{})), ConfigError);
    using Mixed = Collector<MessageDelete, MemberRemove>;
    const auto all = [](const auto&) { return true; };
    EXPECT_THROW(Mixed(home(), all, CollectorOptions{}.in(ChannelId{1})), ConfigError);
    EXPECT_FALSE(wanted());
}

TEST_F(Collecting, the_destructor_waits_for_a_predicate_on_another_thread) {
    for (int round = 0; round < 200; ++round) {
        std::atomic<int> inside = 0;
        std::atomic<bool> go = false;
        auto collector = std::make_unique<Collector<MessageDelete>>(home(), [&inside](const MessageDelete&) {
            ++inside;
            std::this_thread::yield();
            --inside;
            return true;
        });
        std::thread sender([&] {
            go = true;
            send({1, 2, 3, 4});
        });
        while (!go)
            std::this_thread::yield();
        collector.reset();
        const int at_the_end = inside;
        sender.join();
        ASSERT_EQ(at_the_end, 0);
        ASSERT_EQ(inside, 0);
    }
}

TEST_F(Collecting, several_threads_lose_nothing_and_each_stays_in_order) {
    constexpr std::uint64_t each = 3'000;
    constexpr std::uint64_t threads = 3;
    Collector<MessageDelete> collector(home(), any, CollectorOptions{}.count(each * threads).queue(each * threads));
    std::vector<std::thread> senders;
    for (std::uint64_t i = 0; i < threads; ++i) {
        senders.emplace_back([this, i] {
            for (std::uint64_t id = 1; id <= each; ++id)
                send(id, i + 1);
        });
    }
    std::vector<std::uint64_t> last(threads, 0);
    std::uint64_t count = 0;
    while (const auto event = collector.next().get()) {
        auto& before = last[event->channel_id.value - 1];
        ASSERT_EQ(event->id.value, before + 1);
        ++before;
        ++count;
    }
    for (auto& sender : senders)
        sender.join();
    EXPECT_EQ(count, each * threads);
    EXPECT_FALSE(wanted());
}

TEST_F(Collecting, a_waiting_next_frees_a_place_of_the_queue_for_all_threads) {
    for (int round = 0; round < 300; ++round) {
        Collector<MessageDelete> collector(home(), any, CollectorOptions{}.queue(1).count(2));
        auto next = collector.next();
        std::thread sender([this] { send(1, 1); });
        send(2, 2);
        sender.join();
        ASSERT_TRUE(next.get());
        ASSERT_TRUE(collector.next().get()) << "no overflow: one event is with `next`, one in the queue";
        ASSERT_FALSE(collector.next().get());
    }
}

}  // namespace
}  // namespace intent::collector_test
