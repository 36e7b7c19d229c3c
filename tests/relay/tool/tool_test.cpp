// `intent-relay` with a real broker: what it shows of the state, and dead letters.
#include "tests/integration/tool/program.hpp"
#include "tests/relay/support/fake_relay.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace intent::test::relay_tool_test {

namespace {

using namespace std::chrono_literals;

class RelayTool : public testing::Test {
protected:
    void SetUp() override {
        INTENT_NEEDS_NATS();
        server_ = std::make_unique<NatsServer>();
    }

    Environment environment() const { return {"INTENT_BROKER=" + server_->url(), "INTENT_BOT=bot"}; }
    Outcome tool(const std::vector<std::string>& words) const { return run("intent-relay", words, environment()); }
    static std::string all(const Outcome& outcome) {
        std::string text;
        for (const auto& line : outcome.lines)
            text += line + "\n";
        return text + outcome.errors;
    }

    std::unique_ptr<NatsServer> server_;
};

TEST_F(RelayTool, status_shows_the_stream_and_the_applications) {
    const auto before = tool({"status"});
    EXPECT_EQ(before.status, 0) << before.errors;
    EXPECT_NE(all(before).find("the broker has no stream of this bot"), std::string::npos) << all(before);

    FakeRelay relay(*server_);
    Worker worker(relay.worker_options());
    worker.on([](const MessageCreate&) {});
    worker.start();
    ASSERT_TRUE(eventually([&] { return worker.state() == ConnectionState::ready; }));
    relay.message(10, 2);
    ASSERT_TRUE(eventually([&] { return relay.open("app") == 0; }));

    const auto outcome = tool({"status", "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    ASSERT_EQ(outcome.lines.size(), 1u);
    const Json report = parse_line(outcome.lines.front());
    EXPECT_EQ(text(report, "bot"), "bot");
    EXPECT_TRUE(report.at("leader").is_null());
    EXPECT_EQ(report.at("stream").at("messages").to_number<int>(), 1);
    EXPECT_EQ(report.at("dead_letters").to_number<int>(), 0);
    ASSERT_EQ(report.at("consumers").as_array().size(), 1u);
    const auto& consumer = report.at("consumers").at(0);
    EXPECT_EQ(consumer.at("name").as_string(), "app");
    EXPECT_EQ(consumer.at("pending").to_number<int>(), 0);
    EXPECT_NE(all(tool({"status"})).find("app"), std::string::npos);
}

TEST_F(RelayTool, dead_letters_are_listed_shown_retried_and_dropped) {
    FakeRelay relay(*server_);
    auto options = relay.worker_options();
    options.max_deliveries = 1;
    Recorder<std::string> seen;
    std::atomic<bool> broken{true};
    Worker worker(options);
    worker.on([&](const MessageCreate& event) {
        seen.add(event.message.content);
        if (broken) throw std::runtime_error("no \x1b[31mluck\x1b[0m");
    });
    // Events that are delivered again are for the application that failed.
    Worker stranger(relay.worker_options("stranger"));
    Recorder<std::string> strange;
    stranger.on([&](const MessageCreate& event) { strange.add(event.message.content); });
    for (Worker* each : {&worker, &stranger}) {
        each->start();
        ASSERT_TRUE(eventually([&] { return each->state() == ConnectionState::ready; }));
    }
    EXPECT_EQ(all(tool({"dlq", "list"})), "no dead letters\n");
    for (std::uint64_t i = 1; i <= 3; ++i)
        relay.message(10 + i, 2, "text\\u202e " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return relay.dead_letters().size() == 3; }));

    const auto listed = tool({"dlq", "list", "--json", "--limit", "2"});
    EXPECT_EQ(listed.status, 0);
    ASSERT_EQ(listed.lines.size(), 2u) << all(listed);
    EXPECT_NE(listed.errors.find("more than 2"), std::string::npos) << listed.errors;
    const Json first = parse_line(listed.lines.front());
    EXPECT_EQ(text(first, "application"), "app");
    EXPECT_EQ(text(first, "event"), "MESSAGE_CREATE");
    EXPECT_EQ(text(first, "channel"), "2");
    EXPECT_NE(text(first, "error").find("handler failed"), std::string::npos);
    const auto table = tool({"dlq", "list"});
    EXPECT_EQ(all(table).find('\x1b'), std::string::npos);
    EXPECT_EQ(table.lines.size(), 4u) << all(table);

    const std::string number = std::to_string(first.at("number").to_number<int>());
    const auto shown = tool({"dlq", "show", number});
    EXPECT_EQ(shown.status, 0) << shown.errors;
    EXPECT_NE(all(shown).find("text\\u202e 1"), std::string::npos) << all(shown);

    broken = false;
    const auto seen_before = seen.count();
    const auto strange_before = strange.count();
    const auto retried = tool({"dlq", "retry", number});
    EXPECT_EQ(retried.status, 0) << retried.errors;
    EXPECT_EQ(all(retried), "1 delivered again\n");
    EXPECT_TRUE(seen.wait_count(seen_before + 1));
    ASSERT_TRUE(eventually([&] { return relay.open("stranger") == 0 && relay.open("app") == 0; }));
    EXPECT_EQ(strange.count(), strange_before);
    EXPECT_EQ(relay.dead_letters().size(), 2u);

    EXPECT_EQ(tool({"dlq", "drop", number}).status, 1);
    EXPECT_EQ(tool({"dlq", "drop"}).status, 2);
    EXPECT_EQ(all(tool({"dlq", "drop", "--all", "--app", "other"})), "0 dropped\n");
    EXPECT_EQ(all(tool({"dlq", "drop", "--all", "--app", "app"})), "2 dropped\n");
    EXPECT_EQ(relay.dead_letters().size(), 0u);
}

TEST_F(RelayTool, a_broker_that_cannot_be_reached_is_one_line) {
    const auto outcome = run("intent-relay", {"status", "--broker", "nats://127.0.0.1:1"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    EXPECT_NE(outcome.errors.find("nats://127.0.0.1:1"), std::string::npos) << outcome.errors;
}

TEST(RelayToolUsage, wrong_flags_are_refused_with_one_line) {
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{}, "subcommand"},
        {{"stauts"}, "did you mean status?"},
        {{"status", "--bot", "My Bot"}, "1 to 32 characters"},
        {{"status", "--watch", "--interval", "soon"}, "--interval soon"},
        {{"status", "--password-file", "/does/not/exist"}, "/does/not/exist: No such file"},
        {{"dlq", "list", "--limit", "0"}, "--limit"},
        {{"dlq", "retry"}, "name the dead letters by their numbers"},
        {{"run", "--max-age", "never"}, "--max-age never"}};
    for (const auto& [words, problem] : cases) {
        const auto outcome = run("intent-relay", words, {"INTENT_TOKEN=bot_x"});
        EXPECT_EQ(outcome.status, 2) << problem;
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(problem), std::string::npos) << outcome.errors;
    }
}

TEST(RelayToolUsage, the_relay_takes_no_token_from_the_command_line) {
    const auto help = run("intent-relay", {"run", "--help"});
    EXPECT_EQ(help.status, 0);
    for (const auto& line : help.lines)
        EXPECT_EQ(line.find("--token"), std::string::npos) << line;
    const auto outcome = run("intent-relay", {"run"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("INTENT_TOKEN"), std::string::npos) << outcome.errors;
}

}  // namespace

}  // namespace intent::test::relay_tool_test
