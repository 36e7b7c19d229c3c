// A worker in pool mode against a real broker.
#include "tests/relay/support/fake_relay.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::worker_test {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::FakeRelay;
using test::NatsServer;
using test::Recorder;

constexpr const char* ready_payload = R"({"v":1,"user":{"id":"8","username":"bot"},"session_id":"s",)"
                                      R"("servers":[{"id":"1","name":"one","owner_id":"7"}]})";

struct WorkerPool : testing::Test {
    void SetUp() override {
        INTENT_NEEDS_NATS();
        server = std::make_unique<NatsServer>();
        relay = std::make_unique<FakeRelay>(*server);
    }

    /// Waits until events arrive, so that the application exists on the broker.
    static void start(Worker& worker) {
        worker.start();
        ASSERT_TRUE(eventually([&] { return worker.state() == ConnectionState::ready; }));
    }
    bool all_done(const std::string& consumer = "app") {
        return eventually([&] { return relay->open(consumer) == 0; });
    }

    std::unique_ptr<NatsServer> server;
    std::unique_ptr<FakeRelay> relay;
    Recorder<std::string> seen;
};

TEST_F(WorkerPool, an_event_reaches_the_handler_and_is_acknowledged) {
    Worker worker(relay->worker_options());
    worker.on([&](const MessageCreate& event) { seen.add(event.message.content); });
    start(worker);
    relay->message(10, 2, "first");
    relay->message(11, 2, "second");
    EXPECT_TRUE(seen.wait_count(2));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"first", "second"}));
    EXPECT_TRUE(all_done());
    EXPECT_NE(worker.metrics().find("intent_worker_deliveries_total{outcome=\"handled\"} 2"), std::string::npos)
        << worker.metrics();
}

TEST_F(WorkerPool, nothing_is_missed_after_ready_although_the_worker_came_before_the_relay) {
    struct Log final : LogSink {
        bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::warn; }
        void write(const LogRecord& record) override { lines.add(std::string(record.text)); }
        Recorder<std::string> lines;
    };
    const auto log = std::make_shared<Log>();
    ASSERT_TRUE(relay->streams().delete_stream(relay->names().stream()));
    auto options = relay->worker_options();
    options.log = log;
    Worker worker(options);
    worker.on([&](const Ready&) { seen.add("ready"); });
    worker.on([&](const MessageCreate& event) { seen.add(event.message.content); });
    worker.start();
    ASSERT_TRUE(log->lines.wait_count(1));  // it waits for the stream
    relay->create();
    relay->publish("READY", ready_payload);
    ASSERT_TRUE(seen.wait_count(1));
    relay->message(10, 2, "first");
    EXPECT_TRUE(seen.wait_count(2));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"ready", "first"}));
}

TEST_F(WorkerPool, an_event_is_acknowledged_only_when_the_coroutine_of_its_handler_has_ended) {
    Worker worker(relay->worker_options());
    worker.on([&](MessageCreate event) -> task<> {
        const auto text = event.message.content;
        if (text == "go on") co_return;
        seen.add("begun");
        co_await worker.wait_for<MessageCreate>(
            [](const MessageCreate& next) { return next.message.content == "go on"; }, 60s);
        seen.add("ended");
    });
    start(worker);
    relay->message(10, 2, "wait");
    ASSERT_TRUE(seen.wait_count(1));
    // Longer than the broker waits: it hears that the event is in progress.
    ASSERT_TRUE(eventually([&] { return worker.metrics().find("intent_worker_in_flight 1") != std::string::npos; }));
    EXPECT_FALSE(seen.wait_count(2, 3s));
    EXPECT_EQ(relay->open("app"), 1u);
    relay->message(11, 2, "go on");
    EXPECT_TRUE(seen.wait_count(2));
    EXPECT_TRUE(all_done());
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"begun", "ended"}));
}

TEST_F(WorkerPool, an_event_whose_handler_throws_is_delivered_again_and_becomes_a_dead_letter_after_five_attempts) {
    Worker worker(relay->worker_options());
    worker.on([&](const MessageCreate& event) {
        seen.add(event.message.content + std::to_string(event.delivery().attempt));
        if (event.message.content == "bad") throw std::runtime_error("no");
        if (event.message.content == "late" && event.delivery().attempt < 3) throw std::runtime_error("not yet");
    });
    start(worker);
    relay->message(10, 2, "bad");
    relay->message(11, 2, "late");
    relay->message(12, 2, "good");
    ASSERT_TRUE(eventually([&] { return relay->dead_letters().size() == 1; }));
    EXPECT_TRUE(all_done());
    const auto letter = relay->dead_letters().front().message;
    EXPECT_EQ(letter.subject.substr(0, 18), "intent.bot.dlq.app");
    EXPECT_EQ(*letter.headers.find("Intent-Attempts"), "5");
    EXPECT_EQ(*letter.headers.find("Intent-Type"), "MESSAGE_CREATE");
    EXPECT_NE(letter.data.find("bad"), std::string::npos);
    std::size_t bad = 0;
    for (const auto& text : seen.all())
        bad += text.starts_with("bad") ? 1 : 0;
    EXPECT_EQ(bad, 5u);
    EXPECT_TRUE(seen.wait_contains("bad5"));
    EXPECT_TRUE(seen.wait_contains("late3"));
    EXPECT_TRUE(seen.wait_contains("good1"));
    EXPECT_EQ(seen.count(), 9u);
}

TEST_F(WorkerPool, workers_of_an_application_share_its_events_and_another_application_gets_them_all) {
    Recorder<std::string> other;
    auto options = relay->worker_options();
    options.ack_wait = 60s;  // a busy machine must not make the broker deliver one twice
    Worker first(options);
    Worker second(options);
    options.application = "other";
    Worker third(options);
    first.on([&](const MessageCreate& event) { seen.add(event.message.content); });
    second.on([&](const MessageCreate& event) { seen.add(event.message.content); });
    third.on([&](const MessageCreate& event) { other.add(event.message.content); });
    start(first);
    start(second);
    start(third);
    for (std::uint64_t i = 0; i < 200; ++i)
        relay->message(100 + i, 2 + i % 7, std::to_string(i));
    EXPECT_TRUE(other.wait_count(200));
    EXPECT_TRUE(seen.wait_count(200));
    EXPECT_TRUE(all_done());
    EXPECT_TRUE(all_done("other"));
    EXPECT_EQ(seen.count(), 200u);
    EXPECT_EQ(other.count(), 200u);
}

TEST_F(WorkerPool, a_stop_hands_over_at_once_what_is_not_handled) {
    auto options = relay->worker_options();
    options.ack_wait = 60s;  // no redelivery by waiting
    auto first = std::make_unique<Worker>(options);
    first->on([&](MessageCreate event) -> task<> {
        seen.add("first " + event.message.content);
        co_await first->sleep_for(10min);
    });
    start(*first);
    relay->message(10, 2, "long");
    ASSERT_TRUE(seen.wait_count(1));
    first->stop();
    Worker second(options);
    second.on([&](const MessageCreate& event) {
        seen.add("second " + event.message.content + std::to_string(event.delivery().attempt));
    });
    start(second);
    ASSERT_TRUE(seen.wait_count(2, 50s));
    EXPECT_EQ(seen.all().back(), "second long1");
    EXPECT_TRUE(all_done());
}

TEST_F(WorkerPool, a_stop_acknowledges_what_was_handled_although_its_report_takes_a_second) {
    /// Holds up the thread that reports to the broker.
    struct SlowLog final : LogSink {
        bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::error; }
        void write(const LogRecord& record) override {
            if (record.text.find("becomes a dead letter") == std::string_view::npos) return;
            begun.open();
            test::Door never;
            never.pass(1s);
        }
        test::Door begun;
    };
    const auto log = std::make_shared<SlowLog>();
    auto options = relay->worker_options();
    options.ack_wait = 60s;  // no redelivery by waiting
    options.handler_threads = 2;
    options.max_deliveries = 1;
    options.log = log;
    Worker worker(options);
    worker.on([&](const MessageCreate& event) {
        seen.add(event.message.content);
        EXPECT_TRUE(eventually([&] { return worker.state() == ConnectionState::stopped; }));
        if (event.message.content == "bad") throw std::runtime_error("no");
        EXPECT_TRUE(log->begun.pass());
    });
    start(worker);
    relay->message(10, 2, "bad");
    relay->message(11, 4, "good");  // a channel of the other thread
    ASSERT_TRUE(seen.wait_count(2));
    worker.stop();
    // Of the other one, only the dead letter may be acknowledged too late.
    EXPECT_TRUE(eventually([&] { return relay->open("app") <= 1; })) << relay->open("app");
}

TEST_F(WorkerPool, a_rest_call_of_a_handler_takes_effect_once_although_its_event_is_delivered_twice) {
    Worker worker(relay->worker_options());
    worker.on([&](MessageCreate event) -> task<> {
        co_await event.message.reply("one");
        co_await event.message.reply("two");
        seen.add("replied");
        if (event.delivery().attempt == 1) throw std::runtime_error("after its calls");
    });
    start(worker);
    relay->message(10, 2);
    EXPECT_TRUE(seen.wait_count(2));
    EXPECT_TRUE(all_done());
    // Each may have been sent again, because no answer came in time.
    const auto keys = relay->keys.all();
    EXPECT_GE(keys.size(), 4u);
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 2u);
    EXPECT_EQ(relay->effects.count(), 2u);
    EXPECT_EQ(keys[0].substr(0, 9), "app/mc:10");
}

TEST_F(WorkerPool, a_call_waits_for_a_relay_and_keeps_its_key) {
    auto options = relay->worker_options();
    options.request_timeout = 300ms;
    Worker worker(options);
    start(worker);
    std::atomic<int> ignored = 0;
    relay->answer = [&](const relay::RestRequest&) -> std::optional<relay::RestAnswer> {
        if (++ignored < 2) return std::nullopt;
        return relay::RestAnswer{.status = 404, .body = "{}"};
    };
    relay->stop_answering();
    auto call = worker.rest().create_message(ChannelId{2}, "hi");
    EXPECT_FALSE(relay->keys.wait_count(1, 500ms));
    relay->listen();
    EXPECT_THROW(call.get(), NotFoundError);
    const auto keys = relay->keys.all();
    EXPECT_GE(keys.size(), 2u);
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1u);
    EXPECT_FALSE(keys[0].empty());
}

TEST_F(WorkerPool, answers_of_the_relay_become_the_errors_of_the_client) {
    Worker worker(relay->worker_options());
    start(worker);
    auto outcome = relay::RestOutcome::unknown_outcome;
    relay->answer = [&](const relay::RestRequest&) { return relay::RestAnswer{.outcome = outcome, .text = "why"}; };
    const auto call = [&] { worker.rest().create_message(ChannelId{2}, "hi").get(); };
    EXPECT_THROW(call(), UnknownOutcomeError);
    outcome = relay::RestOutcome::wait_too_long;
    EXPECT_THROW(call(), TimeoutError);
    outcome = relay::RestOutcome::not_sent;
    EXPECT_THROW(call(), NetworkError);
    outcome = relay::RestOutcome::token_refused;
    EXPECT_THROW(call(), UnauthorizedError);
}

TEST_F(WorkerPool, a_body_over_the_limit_of_the_broker_is_refused_before_it_is_sent) {
    server->kill();
    server->configure("max_payload: 20000");
    server->start();
    ASSERT_TRUE(eventually([&] { return relay->connection()->connected(); }));
    Worker worker(relay->worker_options());
    start(worker);
    MessageBody body(std::string(1'000, 'x'));
    worker.rest().create_message(ChannelId{2}, body).get();
    for (int i = 0; i < 10; ++i)
        body.embed(Embed().description(std::string(2'000, 'y')));
    try {
        worker.rest().create_message(ChannelId{2}, body).get();
        ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("over the broker's payload limit"), std::string::npos) << error.what();
    }
    EXPECT_EQ(relay->effects.count(), 1u);
}

TEST_F(WorkerPool, gateway_commands_go_through_the_relay) {
    Worker worker(relay->worker_options());
    start(worker);
    worker.update_presence(Presence(PresenceStatus::idle)).get();
    EXPECT_EQ(relay->ops.all(), (std::vector<int>{10}));
}

TEST_F(WorkerPool, caches_are_filled_from_ready_and_from_events_that_other_workers_handle) {
    relay->ready(ready_payload);
    Worker first(relay->worker_options());
    Worker second(relay->worker_options());
    first.on([&](const Ready& event) { seen.add("ready " + event.user.username); });
    start(first);
    start(second);
    EXPECT_TRUE(seen.wait_contains("ready bot"));
    EXPECT_TRUE(eventually([&] { return second.servers().get(ServerId{1}).has_value(); }));
    relay->publish("SERVER_CREATE", R"({"server":{"id":"3","name":"three","owner_id":"7"}})");
    EXPECT_TRUE(eventually([&] { return first.servers().get(ServerId{3}) && second.servers().get(ServerId{3}); }));
    relay->publish("SERVER_DELETE", R"({"server_id":"3"})");
    EXPECT_TRUE(eventually([&] { return !first.servers().get(ServerId{3}) && !second.servers().get(ServerId{3}); }));
}

TEST_F(WorkerPool, a_gap_reaches_one_worker_with_its_span) {
    Worker worker(relay->worker_options());
    worker.on([&](const Gap& gap) { seen.add(gap.reason); });
    start(worker);
    relay->gap({.reason = "session expired"});
    EXPECT_TRUE(seen.wait_contains("session expired"));
    EXPECT_TRUE(all_done());
}

TEST_F(WorkerPool, the_source_of_an_event_and_its_trace_reach_the_handler) {
    Worker worker(relay->worker_options());
    worker.on([&](const TypingStart& event) {
        seen.add(event.delivery().source == DeliverySource::backfill ? "backfill" : "other");
        seen.add(current_trace().id());
    });
    start(worker);
    relay->publish(
        "TYPING_START", R"({"channel_id":"2","user_id":"7","timestamp":1700000000})",
        {.source = DeliverySource::backfill, .traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"});
    ASSERT_TRUE(seen.wait_count(2));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"backfill", "0123456789abcdef0123456789abcdef"}));
}

TEST_F(WorkerPool, an_event_of_a_newer_schema_is_reported_once_and_left_to_others) {
    auto options = relay->worker_options();
    Worker worker(options);
    worker.on([&](const ErrorEvent& event) { seen.add(event.message); });
    start(worker);
    for (int i = 0; i < 3; ++i) {
        relay::broker::Message message{.subject = "intent.bot.evt.1.MESSAGE_CREATE._.2", .data = "new"};
        message.headers.set("Intent-Schema", "2");
        message.headers.set("Intent-Type", "MESSAGE_CREATE");
        relay->send(message);
    }
    relay::broker::Message malformed{.subject = "intent.bot.evt.1.MESSAGE_CREATE._.2", .data = "no event"};
    relay->send(malformed);
    EXPECT_TRUE(eventually([&] { return relay->dead_letters().size() == 1; }));
    EXPECT_TRUE(eventually([&] { return relay->open("app") == 3; })) << relay->open("app");
    ASSERT_TRUE(seen.wait_count(1));
    EXPECT_NE(seen.all()[0].find("version 2"), std::string::npos) << seen.all()[0];
    EXPECT_EQ(seen.count(), 1u);
}

}  // namespace
}  // namespace intent::worker_test
