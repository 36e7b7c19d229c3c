// What cannot work is reported, ends nothing that could go on, and shows no token.
#include "tests/support/client_world.hpp"
#include "tests/support/net_http.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace intent::failures_test {
namespace {

using namespace std::chrono_literals;

TEST(Failures, case_001_a_host_without_an_address_is_reported_and_retried) {
    ClientOptions options;
    options.token = "bot_c2VjcmV0";
    options.gateway_url = "ws://no-such-host.invalid/gateway";
    options.rest_url = "http://no-such-host.invalid/api/v1";
    const auto log = std::make_shared<test::NotedLog>();
    options.log = log;
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.errors().wait_count(1));
    const auto error = diary.errors().all().front();
    EXPECT_EQ(error.rfind("connect: gateway: ", 0), 0u) << error;
    EXPECT_NE(error.find("no-such-host.invalid"), std::string::npos) << error;
    EXPECT_TRUE(diary.life().wait_contains("reconnecting 1"));
    EXPECT_EQ(client.wait(0ms), std::nullopt);
    client.stop();
    EXPECT_EQ(client.wait(0ms), 0);
    EXPECT_FALSE(log->mentions("c2VjcmV0"));
}

TEST(Failures, case_126_without_handlers_nothing_breaks) {
    ClientOptions options;
    options.token = "bot_c2VjcmV0";
    options.gateway_url = "ws://127.0.0.1:1/gateway";
    options.rest_url = "http://127.0.0.1:1/api/v1";
    const auto log = std::make_shared<test::NotedLog>();
    options.log = log;
    Client client(options);
    client.start();
    EXPECT_TRUE(
        log->lines.wait_value([](const std::string& line) { return line.find("(attempt 1)") != std::string::npos; }));
}

TEST(Failures, case_022_a_refused_token_ends_run_with_status_3) {
    Sandbox sandbox({.refuse_token = sandbox::Refusal::close_4004});
    auto options = test::options_for(sandbox);
    options.token = "bot_d3Jvbmc";
    const auto log = std::make_shared<test::NotedLog>();
    options.log = log;
    Client client(options);
    test::Diary diary(client);
    bool authentication = false;
    client.on([&](const ErrorEvent& event) {
        try {
            event.raise();
        } catch (const AuthenticationError& error) {
            authentication = error.close_code() == 4004;
        }
    });
    EXPECT_EQ(client.run(), 3);
    EXPECT_TRUE(authentication);
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"disconnect 4004"});
    EXPECT_EQ(sandbox.identifies(), 0u);
    EXPECT_FALSE(log->mentions("d3Jvbmc"));
    for (const auto& error : diary.errors().all())
        EXPECT_EQ(error.find("d3Jvbmc"), std::string::npos);
}

TEST(Failures, a_refused_configuration_ends_run_with_status_4) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    client.on([&](const Ready&) { sandbox.close_connections(4013, "intents"); });
    test::Diary diary(client);
    EXPECT_EQ(client.run(), 4);
    ASSERT_EQ(diary.errors().count(), 1u);
    EXPECT_EQ(diary.errors().all().front().rfind("gateway: gateway: ", 0), 0u) << diary.errors().all().front();
}

TEST(Failures, case_134_a_token_is_in_no_line_of_log_and_no_error) {
    const std::string secret = "bot_VGhpc0lzVGhlU2VjcmV0";
    const auto log = std::make_shared<test::NotedLog>();
    Sandbox sandbox(sandbox::Options{.bots = {{.name = "bot", .token = secret}}, .hello = true, .log = log});
    auto options = test::options_for(sandbox);
    options.log = log;
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    client.rest().create_message(sandbox.general(), "x").get();
    EXPECT_THROW(client.rest().get_channel(ChannelId{1}).get(), NotFoundError);
    sandbox.dispatch("MESSAGE_CREATE", "null");
    sandbox.drop_connections();
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    sandbox.close_connections(4004, "token refused");
    ASSERT_TRUE(diary.errors().wait_value([](const auto& line) { return line.starts_with("gateway: "); }));
    client.stop();

    EXPECT_GT(log->lines.count(), 5u);
    EXPECT_FALSE(log->mentions(secret));
    EXPECT_FALSE(log->mentions("VGhpc0lz"));
    for (const auto& error : diary.errors().all())
        EXPECT_EQ(error.find("VGhpc0lz"), std::string::npos);
}

TEST(Failures, the_sandboxs_log_has_no_webhook_token_even_below_a_wrong_base) {
    const auto log = std::make_shared<test::NotedLog>();
    Sandbox sandbox(sandbox::Options{.log = log});
    test::TestHttp http;
    const auto answer = http.send({.method = "POST", .url = sandbox.web_url() + "v1/webhooks/1/s3cret", .body = "{}"});
    EXPECT_EQ(test::response(answer).status, 404);
    ASSERT_TRUE(log->lines.wait_value([](const auto& line) { return line.find("/v1/webhooks/1/") != line.npos; }));
    EXPECT_FALSE(log->mentions("s3cret"));
}

TEST(Failures, case_126_a_log_sink_that_throws_does_no_harm) {
    class BrokenLog final : public LogSink {
    public:
        bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
        void write(const LogRecord&) override { throw std::runtime_error("no space left on device"); }
    };
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.log = std::make_shared<BrokenLog>();
    Client client(options);
    test::Diary diary(client);
    client.on([](const MessageCreate&) { throw 1; });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "first");
    sandbox.say("alice", sandbox.general(), "second");
    EXPECT_TRUE(diary.messages().wait_count(2));
    client.stop();
}

}  // namespace
}  // namespace intent::failures_test
