// The metrics of a bot in a sandbox, and its endpoint over a real socket.
#include "tests/support/client_world.hpp"
#include "tests/support/plain_http.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_connection.hpp"
#include "tests/support/raw_gateway.hpp"

#include <intent/commands.hpp>
#include <intent/errors.hpp>
#include <intent/version.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace intent::metrics_test {
namespace {

using namespace std::chrono_literals;

ClientOptions with_endpoint(ClientOptions options) {
    options.metrics.listen = "127.0.0.1:0";
    return options;
}

/// One request on a connection of its own.
test::PlainAnswer get(std::uint16_t port, std::string_view path) {
    return test::PlainHttp(port, "").call("GET", path).value_or(test::PlainAnswer{});
}
test::PlainAnswer get(const Client& client, std::string_view path) {
    return get(client.metrics_port().value_or(0), path);
}

/// The value of a series; empty if it is missing.
std::string value_of(const std::string& text, std::string_view series) {
    const auto found = ("\n" + text).find("\n" + std::string(series) + " ");
    if (found == std::string::npos) return {};
    const auto begin = found + series.size() + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}
std::string value_of(const Client& client, std::string_view series) { return value_of(client.metrics(), series); }

/// True once the series has the value.
bool comes(const Client& client, std::string_view series, std::string_view value) {
    return test::eventually([&] { return value_of(client, series) == value; });
}

TEST(Metrics, are_served_over_http_with_the_type_of_the_format) {
    Sandbox sandbox;
    Client client(with_endpoint(test::options_for(sandbox)));
    test::Diary diary(client);
    EXPECT_EQ(client.metrics_port(), std::nullopt) << "nothing listens before the start";
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "hello");
    ASSERT_TRUE(diary.messages().wait_contains("hello"));
    ASSERT_TRUE(comes(client, "intent_handler_duration_seconds_count{event=\"MessageCreate\"}", "1"));

    const auto port = client.metrics_port();
    ASSERT_TRUE(port);
    const std::string raw = test::talk(*port, "GET /metrics?x=y HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(raw.starts_with("HTTP/1.1 200 OK\r\n")) << raw.substr(0, 300);
    EXPECT_NE(raw.find("text/plain; version=0.0.4; charset=utf-8\r\n"), std::string::npos) << raw.substr(0, 300);
    const std::string text = get(*port, "/metrics").body;
    EXPECT_EQ(value_of(text, "intent_build_info{version=\"" + std::string(version()) + "\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_gateway_state{state=\"ready\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_gateway_state{state=\"stopped\"}"), "0");
    EXPECT_EQ(value_of(text, "intent_gateway_sessions_total"), "1");
    EXPECT_EQ(value_of(text, "intent_gateway_events_total{event=\"MESSAGE_CREATE\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_handler_events_total{event=\"MessageCreate\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_queue_limit_bytes"), "67108864");
    EXPECT_EQ(value_of(text, "intent_cache_entries{cache=\"servers\"}"), "1");
    EXPECT_GT(std::stod(value_of(text, "intent_gateway_received_bytes_total")), 100);
    EXPECT_GT(std::stod(value_of(text, "process_resident_memory_bytes")), 1e6);
    EXPECT_GT(std::stod(value_of(text, "process_open_fds")), 3);
    EXPECT_GT(std::stod(value_of(text, "process_start_time_seconds")), 1.7e9);
    EXPECT_NE(value_of(text, "intent_loop_lag_seconds"), "");
    EXPECT_EQ(text.find("hello"), std::string::npos);
    EXPECT_EQ(text.find(sandbox.general().str()), std::string::npos) << "no ids";
    EXPECT_EQ(get(*port, "/version").body, "intent-cpp " + std::string(version()) + "\n");
}

TEST(Metrics, only_get_and_head_of_known_paths_are_answered) {
    Sandbox sandbox;
    Client client(with_endpoint(test::options_for(sandbox)));
    client.start();
    const auto port = *client.metrics_port();
    EXPECT_EQ(get(port, "/").status, 404);
    EXPECT_EQ(get(port, "/metrics/").status, 404);
    EXPECT_EQ(test::PlainHttp(port, "").call("POST", "/metrics", "x")->status, 405);
    EXPECT_EQ(test::PlainHttp(port, "").call("GET", "/metrics", "x")->status, 413);
    const std::string head = test::talk(port, "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n")) << "no body";
    EXPECT_TRUE(test::talk(port, test::upgrade_request("/metrics")).starts_with("HTTP/1.1 404"));
}

TEST(Metrics, readiness_follows_the_states_of_the_connection) {
    std::atomic<int> connections = 0;
    test::Door upgrade;
    test::Door ready;
    test::Door cut;
    test::Door replay;
    test::ScriptedPeer gateway([&](test::PeerConnection& connection) {
        const bool first = connections++ == 0;
        if (first) upgrade.pass();
        test::take_opening(connection);
        if (first) {
            ready.pass();
            connection.send(test::ready_frame(40'000));
            cut.pass();
            connection.reset();
            return;
        }
        replay.pass();
        connection.send(test::gateway_frame(codec::Opcode::dispatch, "{}", "RESUMED", 1));
        test::serve(connection);
    });
    Client client(with_endpoint(test::options_for(gateway.url())));
    client.start();
    const auto port = *client.metrics_port();
    const auto becomes = [&](int status, std::string_view begin) {
        test::PlainAnswer last;
        const bool came = test::eventually([&] {
            last = get(port, "/readyz");
            return last.status == status && last.body.starts_with(begin);
        });
        return came ? "becomes" : std::to_string(last.status) + " " + last.body;
    };
    EXPECT_EQ(becomes(503, "gateway: connecting for "), "becomes");
    EXPECT_EQ(get(port, "/livez").status, 200) << "not ready, but alive";
    upgrade.open();
    EXPECT_EQ(becomes(503, "gateway: identifying for "), "becomes");
    ready.open();
    EXPECT_EQ(becomes(200, "ok\n"), "becomes");
    cut.open();
    EXPECT_EQ(becomes(503, "gateway: backing_off for "), "becomes");
    EXPECT_EQ(becomes(503, "gateway: resuming for "), "becomes");
    replay.open();
    EXPECT_EQ(becomes(200, "ok\n"), "becomes");
    EXPECT_EQ(value_of(client, "intent_gateway_reconnects_total"), "1");
    client.stop();
    EXPECT_EQ(get(port, "/readyz").body, "gateway: stopped\n") << "the endpoint outlives the stop";
    EXPECT_EQ(get(port, "/livez").status, 200) << "there is no thread that could be stuck";
    EXPECT_EQ(value_of(client, "intent_gateway_state{state=\"stopped\"}"), "1");
}

TEST(Metrics, the_time_without_a_session_is_that_of_the_clock) {
    TestClock clock;
    Sandbox sandbox({.clock = clock});
    Client client(with_endpoint(sandbox.client_options()));
    client.start();
    ASSERT_TRUE(test::eventually([&] { return get(client, "/readyz").body == "ok\n"; }));
    sandbox.fault(sandbox::fault::refuse_identify(4000).always());
    sandbox.drop_connections();
    clock.settle();
    sandbox.advance(12s);
    const auto body = get(client, "/readyz").body;
    EXPECT_TRUE(body.ends_with(" for 12 s\n")) << body;
}

/// What a handler waits for; it may outlive the test's other objects.
struct Shared {
    test::Door entered;
    test::Door door;
};

TEST(Metrics, a_full_queue_and_a_blocked_handler_make_a_bot_unready_but_not_dead) {
    Sandbox sandbox;
    auto options = with_endpoint(test::options_for(sandbox));
    options.queue_bytes = 2000;
    const auto shared = std::make_shared<Shared>();
    Client client(options);
    test::Diary diary(client);
    client.on([shared](const MessageCreate&) {
        shared->entered.open();
        shared->door.pass();
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (int i = 0; i < 20; ++i)
        sandbox.say("alice", sandbox.general(), std::string(1000, 'x'));
    ASSERT_TRUE(shared->entered.pass());
    EXPECT_TRUE(
        test::eventually([&] { return get(client, "/readyz").body.starts_with("queue: reading paused for "); }));
    EXPECT_EQ(get(client, "/readyz").status, 503);
    EXPECT_EQ(get(client, "/livez").body, "ok\n");
    EXPECT_EQ(value_of(client, "intent_queue_paused"), "1");
    EXPECT_EQ(value_of(client, "intent_queue_pauses_total"), "1");
    EXPECT_TRUE(test::eventually([&] { return std::stod(value_of(client, "intent_queue_bytes")) > 2000; }));
    shared->door.open();
    EXPECT_TRUE(test::eventually([&] { return get(client, "/readyz").status == 200; }));
    EXPECT_TRUE(comes(client, "intent_handler_events_total{event=\"MessageCreate\"}", "20"));
}

TEST(Metrics, a_handler_that_blocks_the_io_thread_is_found_by_livez) {
    Sandbox sandbox;
    auto options = with_endpoint(test::options_for(sandbox));
    options.handler_threads = 0;
    const auto shared = std::make_shared<Shared>();
    Client client(options);
    test::Diary diary(client);
    client.on([shared](const MessageCreate&) {
        shared->entered.open();
        shared->door.pass();
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(get(client, "/livez").status, 200);
    sandbox.say("alice", sandbox.general(), "block");
    ASSERT_TRUE(shared->entered.pass());
    const auto answer = get(client, "/livez");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, "io thread: it has not answered for 2 s\n");
    EXPECT_TRUE(test::eventually([&] { return std::stod(value_of(client, "intent_loop_lag_seconds")) > 0.2; }));
    shared->door.open();
    EXPECT_TRUE(test::eventually([&] { return get(client, "/livez").status == 200; }));
}

TEST(Metrics, handlers_that_throw_are_counted) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([](const MessageCreate& event) {
        if (event.message.content == "now") throw std::runtime_error("broken");
    });
    client.on([&client](MessageCreate event) -> task<> {
        co_await client.sleep_for(1ms);
        if (event.message.content == "later") throw std::runtime_error("broken");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (const char* text : {"now", "later", "never"})
        sandbox.say("alice", sandbox.general(), text);
    EXPECT_TRUE(comes(client, "intent_handler_errors_total{event=\"MessageCreate\"}", "2"));
    EXPECT_TRUE(comes(client, "intent_handler_events_total{event=\"MessageCreate\"}", "3"));
    EXPECT_TRUE(comes(client, "intent_handler_events_total{event=\"ErrorEvent\"}", "")) << "reported on the spot";
}

TEST(Metrics, commands_are_counted_by_name_and_outcome) {
    Sandbox sandbox({.limits = false});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    Commands commands(client, CommandOptions().suggestions());
    commands.add("add <a> <b>", "",
                 [](Context ctx, int a, int b) -> task<> { co_await ctx.reply(std::to_string(a + b)); });
    commands.add("fail", "", [](Context ctx) -> task<> {
        co_await ctx.reply("soon");
        throw std::runtime_error("broken");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    for (const char* line : {"!add 1 2", "!ADD 3 4", "!add x y", "!fail", "!ad secret-word", "no command"})
        sandbox.say("alice", sandbox.general(), line);
    const auto counted = [&](const std::string& command, const std::string& outcome, const char* count) {
        return comes(
            client, "intent_command_invocations_total{command=\"" + command + "\",outcome=\"" + outcome + "\"}", count);
    };
    EXPECT_TRUE(counted("add", "ok", "2"));
    EXPECT_TRUE(counted("add", "refused", "1"));
    EXPECT_TRUE(counted("fail", "failed", "1"));
    EXPECT_TRUE(counted("", "unknown", "1"));
    EXPECT_TRUE(comes(client, "intent_command_duration_seconds_count{command=\"add\"}", "3"));
    EXPECT_EQ(client.metrics().find("secret-word"), std::string::npos) << "no text of a user";
}

TEST(Metrics, rest_calls_are_counted_by_route) {
    Sandbox sandbox({.limits = false});
    Client client(test::options_for(sandbox));
    client.start();
    client.rest().get_channel(sandbox.general()).get();
    EXPECT_THROW(client.rest().get_channel(ChannelId{1}).get(), HttpError);
    client.rest().get_json("/servers/" + sandbox.server().str()).get();
    const std::string text = client.metrics();
    const std::string route = "method=\"GET\",route=\"/channels/{channel_id}\"";
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{" + route + ",status=\"200\"}"), "1") << text;
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{" + route + ",status=\"404\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_request_duration_seconds_count{" + route + "}"), "2");
    EXPECT_EQ(value_of(text, "intent_rest_requests_total{method=\"GET\",route=\"other\",status=\"200\"}"), "1");
    EXPECT_EQ(value_of(text, "intent_rest_limit_wait_seconds_count"), "3");
    EXPECT_EQ(value_of(text, "intent_rest_pending_calls"), "0");
    EXPECT_EQ(text.find(sandbox.server().str()), std::string::npos) << "no ids";
}

TEST(Metrics, jobs_are_counted) {
    TestClock clock;
    Sandbox sandbox({.clock = clock});
    Client client(sandbox.client_options());
    client.every(1min, [] {}).named("cleanup");
    client.start();
    clock.settle();
    sandbox.advance(3min);
    EXPECT_EQ(value_of(client, "intent_jobs"), "1");
    EXPECT_EQ(value_of(client, "intent_job_runs_total"), "3");
}

TEST(Metrics, without_collecting_there_is_what_the_client_knows_anyway) {
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.metrics.collect = false;
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "hello");
    ASSERT_TRUE(diary.messages().wait_contains("hello"));
    const std::string text = client.metrics();
    EXPECT_EQ(value_of(text, "intent_gateway_state{state=\"ready\"}"), "1");
    EXPECT_NE(value_of(text, "process_cpu_seconds_total"), "");
    EXPECT_EQ(text.find("intent_handler_events_total"), std::string::npos);
    EXPECT_EQ(text.find("intent_rest_"), std::string::npos);
}

TEST(Metrics, counters_continue_after_a_restart_and_the_port_stays) {
    Sandbox sandbox;
    Client client(with_endpoint(test::options_for(sandbox)));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto port = client.metrics_port();
    client.stop();
    client.start();
    ASSERT_TRUE(diary.wait_ready(2));
    EXPECT_EQ(client.metrics_port(), port);
    EXPECT_TRUE(comes(client, "intent_handler_events_total{event=\"Ready\"}", "2"));
}

TEST(Metrics, an_address_that_is_taken_or_not_one_is_a_config_error) {
    Sandbox sandbox;
    Client first(with_endpoint(test::options_for(sandbox)));
    first.start();
    auto options = test::options_for(sandbox);
    options.metrics.listen = "127.0.0.1:" + std::to_string(*first.metrics_port());
    Client second(options);
    try {
        second.start();
        FAIL() << "listened twice";
    } catch (const ConfigError& error) {
        EXPECT_EQ(std::string(error.what()), "ClientOptions::metrics.listen: " + options.metrics.listen +
                                                 ": Address already in use; choose an address of this computer and a "
                                                 "free port, or port 0");
    }
    options.metrics.listen = "localhost";
    try {
        const Client third(options);
        FAIL() << "accepted";
    } catch (const ConfigError& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("ClientOptions::metrics.listen: \"localhost\" is not an IP"))
            << error.what();
    }
}

TEST(Metrics, the_address_of_the_endpoint_can_come_from_the_environment) {
    ::setenv("INTENT_TOKEN", "bot_c2VjcmV0", 1);
    ::setenv("INTENT_METRICS", "[::1]:9464", 1);
    EXPECT_EQ(options_from_env().metrics.listen, "[::1]:9464");
    ::unsetenv("INTENT_METRICS");
    EXPECT_EQ(options_from_env().metrics.listen, "") << "no endpoint by default";
    ::unsetenv("INTENT_TOKEN");
}

bool in_path(const char* program) {
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (std::filesystem::exists(std::filesystem::path(folder) / program)) return true;
    return false;
}

TEST(Metrics, promtool_finds_nothing_to_improve) {
    if (!in_path("promtool")) GTEST_SKIP() << "promtool is not installed (scripts/install-deps check)";
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    Commands commands(client, "!");
    commands.add("fail", "", [](Context) -> task<> {
        throw std::runtime_error("broken");
        co_return;
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    client.rest().get_channel(sandbox.general()).get();
    sandbox.say("alice", sandbox.general(), "!fail");
    ASSERT_TRUE(comes(client, "intent_command_invocations_total{command=\"fail\",outcome=\"failed\"}", "1"));
    ASSERT_TRUE(comes(client, "intent_handler_errors_total{event=\"other\"}", "1"));
    test::Process promtool({"promtool", "check", "metrics"}, ".");
    promtool.tell(client.metrics());
    promtool.close_stdin();
    EXPECT_EQ(promtool.wait(), 0);
}

}  // namespace
}  // namespace intent::metrics_test
