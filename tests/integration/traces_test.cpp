// A trace leads from an event to the requests and log lines that result from it.
#include "tests/support/client_world.hpp"
#include "tests/support/control_client.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>
#include <intent/trace.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace intent::traces_test {
namespace {

using namespace std::chrono_literals;

/// Keeps the trace of each record by its text.
class TracedLog final : public LogSink {
public:
    bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
    void write(const LogRecord& record) override { lines.add({std::string(record.text), std::string(record.trace)}); }
    std::string trace_of(std::string_view text) {
        const auto line = lines.wait_value([&](const auto& one) { return one.first.find(text) != text.npos; });
        return line ? line->second : "no such line";
    }

    test::Recorder<std::pair<std::string, std::string>> lines;
};

struct Request {
    std::string method;
    std::string content;  ///< of the message; empty: none
    Trace trace;
    std::string span;
};

class Traces : public testing::Test {
protected:
    void start(Tracing tracing, int handler_threads = 1) {
        auto options = test::options_for(sandbox);
        options.tracing = tracing;
        options.handler_threads = handler_threads;
        options.log = log;
        client.emplace(options);
        diary.emplace(*client);
    }
    void run() {
        client->start();
        ASSERT_TRUE(diary->wait_ready());
    }
    /// Says it as alice, and returns the requests once the bot has posted `last`.
    std::vector<Request> requests_after(const std::vector<std::string>& texts, const std::string& last) {
        for (const auto& text : texts)
            sandbox.say("alice", general, text);
        EXPECT_TRUE(diary->messages().wait_contains(last));
        return requests();
    }
    std::vector<Request> requests() {
        std::vector<Request> found;
        for (const auto& line : control.get("/journal?kind=request&limit=5000").lines()) {
            Request request{
                .method = std::string(line.at("method").as_string()), .content = {}, .trace = {}, .span = {}};
            if (const auto* body = line.at("request").if_object())
                if (const auto* content = body->if_contains("content")) request.content = content->as_string();
            if (const auto* header = line.if_contains("traceparent")) {
                const std::string text(header->as_string());
                request.trace = parse_traceparent(text).value();
                request.span = text.substr(36, 16);
            }
            found.push_back(std::move(request));
        }
        return found;
    }

    Sandbox sandbox{intent::sandbox::Options{.limits = false}};
    test::ControlClient control{sandbox};
    const ChannelId general = sandbox.general();
    const std::shared_ptr<TracedLog> log = std::make_shared<TracedLog>();
    test::Recorder<std::pair<std::string, Trace>> seen;
    std::optional<Client> client;
    std::optional<test::Diary> diary;
};

/// A bot that makes three requests for each message, with waits between them.
auto conversation(test::Recorder<std::pair<std::string, Trace>>& seen, Client& client) {
    return [&](MessageCreate event) -> task<> {
        if (event.message.from_self()) co_return;
        const std::string text = event.message.content;
        seen.add({text, current_trace()});
        co_await event.message.reply(text + " 1");
        seen.add({text, current_trace()});
        co_await client.sleep_for(1ms);
        co_await event.message.reply(text + " 2");
        const auto nested = [&]() -> task<> {
            co_await client.sleep_for(1ms);
            seen.add({text, current_trace()});
            co_await event.message.reply(text + " 3");
        };
        co_await nested();
        seen.add({text, current_trace()});
    };
}

void expect_one_trace_for_each(const std::vector<Request>& requests,
                               const std::vector<std::pair<std::string, Trace>>& seen,
                               const std::vector<std::string>& texts) {
    std::map<std::string, Trace> traces;
    for (const auto& [text, trace] : seen) {
        EXPECT_FALSE(trace.empty());
        EXPECT_EQ(traces.try_emplace(text, trace).first->second, trace) << text;
    }
    std::set<std::string> ids;
    std::set<std::string> spans;
    for (const auto& text : texts) {
        ids.insert(traces[text].id());
        for (const char* step : {" 1", " 2", " 3"}) {
            const auto request =
                std::ranges::find(requests, text + step, [](const Request& one) { return one.content; });
            ASSERT_NE(request, requests.end()) << text << step;
            EXPECT_EQ(request->trace, traces[text]) << text << step;
            spans.insert(request->span);
        }
    }
    EXPECT_EQ(ids.size(), texts.size());
    EXPECT_EQ(spans.size(), 3 * texts.size());
}

/// The number of handler threads.
class InterleavingTraces : public Traces, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Threads, InterleavingTraces, testing::Values(0, 1, 2));

TEST_P(InterleavingTraces, one_id_leads_from_an_event_to_its_requests_and_each_event_has_its_own) {
    start(Tracing::on, GetParam());
    client->on(conversation(seen, *client));
    run();
    const std::vector<std::string> texts{"a", "b", "c", "d"};
    for (const auto& text : texts)
        sandbox.say("alice", general, text);
    for (const auto& text : texts)
        ASSERT_TRUE(diary->messages().wait_contains(text + " 3"));
    ASSERT_TRUE(seen.wait_count(4 * texts.size()));
    expect_one_trace_for_each(requests(), seen.all(), texts);
}

TEST_F(Traces, are_off_by_default_and_requests_then_have_no_header) {
    start(ClientOptions().tracing);
    client->on(conversation(seen, *client));
    run();
    for (const auto& request : requests_after({"a"}, "a 3"))
        EXPECT_TRUE(request.trace.empty());
    for (const auto& [text, trace] : seen.all())
        EXPECT_TRUE(trace.empty());
}

TEST_F(Traces, on_are_not_sampled_and_requests_outside_of_handlers_have_none) {
    start(Tracing::on);
    client->on(conversation(seen, *client));
    run();
    const auto requests = requests_after({"a"}, "a 3");
    EXPECT_FALSE(requests.front().trace.sampled);
    client->rest().create_message(general, "from main").get();
    EXPECT_TRUE(this->requests().back().trace.empty());
}

TEST_F(Traces, each_try_of_a_request_has_its_own_span_and_its_log_lines_the_id) {
    start(Tracing::on);
    client->on([&](MessageCreate event) -> task<> {
        if (event.message.from_self()) co_return;
        seen.add({"", current_trace()});
        co_await client->rest().get_channel(general);
        co_await event.message.reply("done");
    });
    run();
    sandbox.fault(sandbox::fault::status(503));
    const auto requests = requests_after({"a"}, "done");
    ASSERT_EQ(requests.size(), 3u);
    std::set<std::string> spans;
    for (const auto& request : requests) {
        EXPECT_EQ(request.trace, seen.all().front().second);
        spans.insert(request.span);
    }
    EXPECT_EQ(spans.size(), 3u);
    EXPECT_EQ(log->trace_of("will be retried"), requests[0].trace.id());
}

TEST_F(Traces, of_failed_handlers_are_in_the_log_and_in_the_requests_of_error_handlers) {
    start(Tracing::on);
    client->on([&](MessageCreate event) -> task<> {
        if (event.message.from_self()) co_return;
        seen.add({"coroutine", current_trace()});
        co_await client->sleep_for(1ms);
        throw std::runtime_error("the coroutine failed");
    });
    client->on([&](const MessageCreate& event) {
        if (event.message.from_self()) return;
        seen.add({"function", current_trace()});
        throw std::runtime_error("the function failed");
    });
    client->on([&](const ErrorEvent& event) { seen.add({event.message, current_trace()}); });
    run();
    sandbox.say("alice", general, "a");
    ASSERT_TRUE(seen.wait_count(4));
    const auto all = seen.all();
    for (const auto& [text, trace] : all)
        EXPECT_EQ(trace, all.front().second) << text;
    EXPECT_EQ(log->trace_of("the coroutine failed"), all.front().second.id());
    EXPECT_EQ(log->trace_of("the function failed"), all.front().second.id());
}

TEST_F(Traces, all_handlers_of_a_dispatch_share_one) {
    start(Tracing::sampled);
    client->on([&](const MessageCreate&) { seen.add({"first", current_trace()}); });
    client->on([&](const RawEvent& event) {
        if (event.name == "MESSAGE_CREATE") seen.add({"raw", current_trace()});
    });
    client->on_in_order([&](MessageCreate) -> task<> {
        seen.add({"in order", current_trace()});
        co_return;
    });
    run();
    sandbox.say("alice", general, "a");
    ASSERT_TRUE(seen.wait_count(3));
    for (const auto& [text, trace] : seen.all()) {
        EXPECT_EQ(trace, seen.all().front().second) << text;
        EXPECT_TRUE(trace.sampled);
    }
}

TEST_F(Traces, of_events_that_wait_for_each_other_are_their_own) {
    start(Tracing::on);
    client->on_in_order(conversation(seen, *client));
    run();
    const std::vector<std::string> texts{"a", "b", "c"};
    const auto requests = requests_after(texts, "c 3");
    ASSERT_TRUE(seen.wait_count(12));
    expect_one_trace_for_each(requests, seen.all(), texts);
}

TEST_F(Traces, of_the_bots_own_are_carried_by_tasks_that_start_in_them) {
    start(Tracing::off);
    run();
    const auto given = parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").value();
    const auto work = [&]() -> task<> {
        co_await client->rest().create_message(general, "one");
        co_await client->rest().create_message(general, "two");
    };
    client->spawn("work", in_trace(given, work));
    EXPECT_TRUE(current_trace().empty());
    ASSERT_TRUE(diary->messages().wait_contains("two"));
    for (const auto& request : requests()) {
        EXPECT_EQ(request.trace, given);
        EXPECT_NE(request.span, "b7ad6b7169203331");
    }
    EXPECT_THROW(in_trace(given, [&] { throw std::runtime_error("x"); }), std::runtime_error);
    EXPECT_TRUE(current_trace().empty());
}

}  // namespace
}  // namespace intent::traces_test
