// What a client counts, and how it becomes text.
#include "client/metrics/metrics.hpp"

#include "client/dispatch/dispatcher.hpp"
#include "codec/convert.hpp"

#include <intent/errors.hpp>
#include <intent/events.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intent::metrics_test {
namespace {

using namespace std::chrono_literals;
using client::DurationHistogram;
using client::HandlerMetrics;
using client::Metrics;
using detail::AllEvents;
using detail::CommandOutcome;

constexpr std::size_t message_create = AllEvents::index_of<MessageCreate>();

std::string text_of(const auto& part) {
    text::Exposition out;
    part.write(out);
    return out.take();
}

/// The value of a series; empty if it is missing.
std::string value_of(const std::string& text, std::string_view series) {
    const auto found = ("\n" + text).find("\n" + std::string(series) + " ");
    if (found == std::string::npos) return {};
    const auto begin = found + series.size() + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

std::uint64_t timed(const HandlerMetrics& metrics) {
    const auto value = value_of(text_of(metrics), "intent_handler_duration_seconds_count{event=\"MessageCreate\"}");
    return value.empty() ? 0 : std::stoull(value);
}

TEST(Histogram, a_duration_is_in_the_first_bucket_whose_bound_it_does_not_exceed) {
    DurationHistogram histogram;
    histogram.observe(-1s);
    histogram.observe(100us);
    histogram.observe(100us + 1ns);
    histogram.observe(60s);
    histogram.observe(61s);
    const auto counts = histogram.counts();
    EXPECT_EQ(counts.front(), 2u) << "a negative duration is 0, and a bound belongs to its bucket";
    EXPECT_EQ(counts[1], 1u);
    EXPECT_EQ(counts[counts.size() - 2], 1u);
    EXPECT_EQ(counts.back(), 1u);
    EXPECT_NEAR(histogram.sum_in_seconds(), 121.0002, 1e-6);
}

TEST(Histogram, threads_may_observe_at_once) {
    DurationHistogram histogram;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 10'000; ++j)
                histogram.observe(2ms);
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(histogram.counts()[2], 40'000u);
    EXPECT_NEAR(histogram.sum_in_seconds(), 80, 1e-6);
}

TEST(HandlerMetrics, the_lanes_of_an_event_are_added_up) {
    HandlerMetrics metrics(3);
    for (unsigned lane = 0; lane < 3; ++lane)
        for (unsigned i = 0; i <= lane; ++i)
            const HandlerMetrics::Timer timer(&metrics, lane, message_create);
    EXPECT_EQ(value_of(text_of(metrics), "intent_handler_events_total{event=\"MessageCreate\"}"), "6");
    EXPECT_EQ(text_of(metrics).find("MessageUpdate"), std::string::npos) << "an event that never came has no series";
}

TEST(HandlerMetrics, the_first_event_of_a_batch_is_timed_and_then_every_sixteenth) {
    HandlerMetrics metrics(1);
    const auto handle = [&](int events) {
        for (int i = 0; i < events; ++i)
            const HandlerMetrics::Timer timer(&metrics, 0, message_create);
    };
    handle(16);
    EXPECT_EQ(timed(metrics), 1u);
    handle(1);
    EXPECT_EQ(timed(metrics), 2u);
    for (int i = 0; i < 5; ++i) {
        metrics.new_batch();
        handle(2);
    }
    EXPECT_EQ(timed(metrics), 7u);
    EXPECT_EQ(value_of(text_of(metrics), "intent_handler_events_total{event=\"MessageCreate\"}"), "27");
}

TEST(HandlerMetrics, names_of_the_wire_and_of_the_sdk_lead_to_the_type) {
    EXPECT_EQ(HandlerMetrics::event_named("MESSAGE_CREATE"), message_create);
    EXPECT_EQ(HandlerMetrics::event_named("GUILD_MEMBERS_CHUNK"), AllEvents::index_of<MembersChunk>());
    EXPECT_EQ(HandlerMetrics::event_named("MEMBERS_CHUNK"), AllEvents::index_of<MembersChunk>());
    EXPECT_EQ(HandlerMetrics::event_named("READY"), AllEvents::index_of<Ready>());
    EXPECT_EQ(HandlerMetrics::event_named("sequence gap"), AllEvents::index_of<SequenceGap>());
    EXPECT_EQ(HandlerMetrics::event_named("RawEvent"), AllEvents::index_of<RawEvent>());
    EXPECT_EQ(HandlerMetrics::event_named("voice signal"), AllEvents::index_of<VoiceSignal>());
    EXPECT_EQ(HandlerMetrics::event_named("cleanup"), HandlerMetrics::no_event);
    EXPECT_EQ(HandlerMetrics::event_named(""), HandlerMetrics::no_event);
    for (const auto name : event_names())
        EXPECT_NE(HandlerMetrics::event_named(name), HandlerMetrics::no_event) << name;
}

TEST(RestMetrics, routes_are_templates_and_paths_of_the_caller_count_as_one) {
    client::RestMetrics metrics;
    const rest::Request get{.method = "GET", .path = "/channels/5", .route = "/channels/{channel_id}", .bucket = ""};
    rest::Request own{.method = "GET", .path = "/secret/alice", .route = "/secret/alice", .bucket = ""};
    own.is_template = false;
    metrics.on_call();
    metrics.on_call();
    metrics.on_call_over();
    metrics.on_attempt(1, 30ms);
    metrics.on_result(get, net::HttpResponse{.status = 503}, 2ms);
    metrics.on_attempt(2, 900ms);
    metrics.on_result(get, net::HttpResponse{.status = 200}, 3ms);
    metrics.on_result(own, net::HttpResponse{.status = 7777}, 3ms);
    metrics.on_result(get, net::HttpFailure{.kind = net::HttpFailure::Kind::timeout}, 15s);
    metrics.on_limited(limits::NoticeKind::token_limited);
    metrics.on_limited(limits::NoticeKind::retrying);
    const auto text = text_of(metrics);
    const std::string route = "method=\"GET\",route=\"/channels/{channel_id}\"";
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{" + route + ",status=\"503\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{" + route + ",status=\"200\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{method=\"GET\",route=\"other\",status=\"other\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_request_duration_seconds_count{" + route + "}"), "3");
    EXPECT_EQ(value_of(text, "intent_rest_failures_total{reason=\"timeout\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_failures_total{reason=\"tls\"}"), "0");
    EXPECT_EQ(value_of(text, "intent_rest_retries_total"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_rate_limited_total{scope=\"token\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_rate_limited_total{scope=\"bucket\"}"), "0");
    EXPECT_EQ(value_of(text, "intent_rest_limit_wait_seconds_sum"), "0.03");
    EXPECT_EQ(value_of(text, "intent_rest_pending_calls"), "1");
    EXPECT_EQ(text.find("alice"), std::string::npos);
}

TEST(CommandMetrics, names_are_bounded_and_an_unknown_command_has_no_duration) {
    client::CommandMetrics metrics;
    metrics.on_end("roll", CommandOutcome::ok, 20ms);
    metrics.on_end("roll", CommandOutcome::refused, 1ms);
    metrics.on_end("", CommandOutcome::unknown, 1ms);
    auto text = text_of(metrics);
    EXPECT_EQ(value_of(text, "intent_command_invocations_total{command=\"roll\",outcome=\"ok\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_command_invocations_total{command=\"roll\",outcome=\"refused\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_command_invocations_total{command=\"\",outcome=\"unknown\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_command_duration_seconds_count{command=\"roll\"}"), "2");
    EXPECT_EQ(text.find("duration_seconds_count{command=\"\"}"), std::string::npos);
    for (int i = 0; i < 1000; ++i)
        metrics.on_end("command " + std::to_string(i), CommandOutcome::ok, 1ms);
    text = text_of(metrics);
    EXPECT_EQ(text.find("command 999"), std::string::npos);
    EXPECT_EQ(value_of(text, "intent_command_invocations_total{command=\"other\",outcome=\"ok\"}"), "502");
}

/// A dispatcher whose handlers run where the dispatches come in.
struct MeasuredDispatcher : testing::Test {
    MeasuredDispatcher() {
        lanes =
            std::make_shared<client::Lanes>(0, 1 << 20, dispatcher, [](const std::function<void()>& work) { work(); });
        dispatcher->begin({.lanes = lanes, .client = {}, .on_room = {}, .follower = nullptr});
    }
    ~MeasuredDispatcher() override { dispatcher->end(); }

    template <class E, class F>
    void on(F function) {
        dispatcher->registry().add(detail::make_handler<detail::Order::none>(std::move(function)), false);
    }
    void feed(std::string_view type, std::string_view json) {
        const auto data = codec::json_to_msgpack(json);
        codec::Frame frame;
        frame.op = 0;
        frame.type = type;
        frame.seq = ++seq;
        frame.data = *data;
        dispatcher->dispatch(frame, nullptr);
    }
    std::string value(std::string_view series) const { return value_of(text_of(*metrics), series); }

    std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>(0, event_names());
    std::shared_ptr<client::Dispatcher> dispatcher = std::make_shared<client::Dispatcher>(
        CacheLimits{}, client::GuardedLog(nullptr), std::make_shared<client::TokenStore>(Token()), metrics);
    std::shared_ptr<client::Lanes> lanes;
    std::uint64_t seq = 0;
};

constexpr std::string_view typing = R"({"channel_id":"1","user_id":"2","timestamp":1700000000})";

TEST_F(MeasuredDispatcher, events_are_counted_by_name_whether_handled_or_not) {
    feed("TYPING_START", typing);
    feed("TYPING_START", typing);
    feed("MADE_UP_BY_THE_SERVER", "{}");
    EXPECT_EQ(value("intent_gateway_events_total{event=\"TYPING_START\"}"), "2");
    EXPECT_EQ(value("intent_gateway_events_total{event=\"other\"}"), "1");
    EXPECT_EQ(text_of(*metrics).find("MADE_UP"), std::string::npos) << "names of the server are no labels";
    EXPECT_EQ(value("intent_handler_events_total{event=\"TypingStart\"}"), "");
}

TEST_F(MeasuredDispatcher, handlers_and_their_errors_are_counted_by_type) {
    int calls = 0;
    on<TypingStart>([&](const TypingStart&) {
        if (++calls == 2) throw std::runtime_error("second");
    });
    for (int i = 0; i < 3; ++i)
        feed("TYPING_START", typing);
    EXPECT_EQ(value("intent_handler_events_total{event=\"TypingStart\"}"), "3");
    EXPECT_EQ(value("intent_handler_errors_total{event=\"TypingStart\"}"), "1");
}

TEST_F(MeasuredDispatcher, errors_of_coroutines_and_tasks_are_counted) {
    const auto fail = [&](const char* name) {
        dispatcher->handle_dropped(std::make_exception_ptr(std::runtime_error("x")), detail::Origin{name, 0});
    };
    fail("MESSAGE_CREATE");
    fail("my task");
    dispatcher->begin_stop();
    dispatcher->handle_dropped(std::make_exception_ptr(CancelledError("x")), detail::Origin{"MESSAGE_CREATE", 0});
    EXPECT_EQ(value("intent_handler_errors_total{event=\"MessageCreate\"}"), "1") << "a cancelled one is no error";
    EXPECT_EQ(value("intent_handler_errors_total{event=\"other\"}"), "1");
}

}  // namespace
}  // namespace intent::metrics_test
