// No line that the log writes contains a token, in any format and at any level.
#include "client/values/line_log.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace intent::log_secrets_test {
namespace {

constexpr const char* secret = "VGhpc0lzVGhlU2VjcmV0";
constexpr const char* other_secret = "QW5vdGhlclNlY3JldFRva2Vu";

struct Row {
    LogFormat format;
    client::Colours colours;
};

class LogSecrets : public testing::TestWithParam<Row> {};

INSTANTIATE_TEST_SUITE_P(Formats, LogSecrets,
                         testing::Values(Row{LogFormat::json, client::Colours::off},
                                         Row{LogFormat::logfmt, client::Colours::off},
                                         Row{LogFormat::logfmt, client::Colours::on}));

TEST_P(LogSecrets, case_134_a_bot_that_fails_in_many_ways_shows_no_token) {
    test::Recorder<std::string> lines;
    const auto log = std::make_shared<client::LineLog>(
        LogOptions{.levels = {.lowest = LogLevel::trace}, .repeat_limit = 3},
        client::LineLog::Output{.write = [&](std::string_view line) { lines.add(std::string(line)); },
                                .format = GetParam().format,
                                .colours = GetParam().colours});
    {
        const std::string token = std::string("bot_") + secret;
        Sandbox sandbox(sandbox::Options{.bots = {{.name = "bot", .token = token}}, .hello = true, .log = log});
        auto options = test::options_for(sandbox);
        options.log = log;
        options.tracing = Tracing::sampled;
        Client client(options);
        test::Diary diary(client);
        client.on([&](const MessageCreate& event) {
            // What a peer sends, with the token in it.
            throw std::runtime_error("cannot handle " + event.message.content);
        });
        client.on([&](MessageCreate event) -> task<> {
            if (!event.message.from_self()) co_await client.rest().get_channel(ChannelId{1});
        });
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        sandbox.fault(sandbox::fault::status(503).path("/channels/1").times(2));
        for (int i = 0; i < 10; ++i)
            sandbox.say("alice", sandbox.general(), "hello");
        client.rest().create_message(sandbox.general(), "x").get();
        sandbox.dispatch("MESSAGE_CREATE", "null");
        sandbox.dispatch("MESSAGE_CREATE", R"({"message":{"id":"bot_)" + std::string(secret) + "\"}}");
        sandbox.drop_connections();
        ASSERT_TRUE(diary.life().wait_contains("resumed"));
        sandbox.close_connections(4000, "your token is bot_" + std::string(secret));
        ASSERT_TRUE(diary.life().wait_for([](const auto& life) { return std::ranges::count(life, "resumed") >= 2; }));
        client.rest().set_token(std::string("bot_") + other_secret);
        EXPECT_THROW(client.rest().get_current_user().get(), UnauthorizedError);
        sandbox.close_connections(4004, "token refused: bot_" + std::string(other_secret));
        ASSERT_TRUE(diary.errors().wait_value([](const auto& line) { return line.starts_with("gateway: "); }));
        client.stop();
    }
    const auto all = lines.all();
    EXPECT_GT(all.size(), 10u);
    for (const auto& line : all) {
        EXPECT_EQ(line.find(secret), line.npos) << line;
        EXPECT_EQ(line.find(other_secret), line.npos) << line;
    }
}

}  // namespace
}  // namespace intent::log_secrets_test
