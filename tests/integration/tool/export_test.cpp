// `intent export`: the messages of a channel, however many pages they fill.
#include "program.hpp"
#include "tests/support/net_server.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

namespace intent::test::export_test {

namespace {

class ToolExport : public testing::Test {
protected:
    void say(int count) {
        for (int number = 1; number <= count; ++number)
            sandbox_.say("alice", sandbox_.general(), std::to_string(number));
    }
    Outcome exported(std::vector<std::string> flags = {}) const {
        flags.insert(flags.begin(), {"export", sandbox_.general().str()});
        return run(
            "intent", flags,
            {"INTENT_TOKEN=" + std::string(sandbox_.bot_token().reveal()), "INTENT_REST_URL=" + sandbox_.rest_url()});
    }
    static std::vector<std::string> contents(const Outcome& outcome) {
        std::vector<std::string> found;
        for (const auto& line : outcome.lines)
            found.push_back(text(parse_line(line), "content"));
        return found;
    }

    Sandbox sandbox_;
};

TEST_F(ToolExport, prints_every_page_newest_first) {
    say(101);
    const auto outcome = exported();
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const auto found = contents(outcome);
    ASSERT_EQ(found.size(), 101U);
    for (int number = 101; number > 0; --number)
        EXPECT_EQ(found[static_cast<std::size_t>(101 - number)], std::to_string(number));
}

TEST_F(ToolExport, ends_at_the_limit) {
    say(3);
    EXPECT_EQ(contents(exported({"--limit", "2"})), (std::vector<std::string>{"3", "2"}));
}

TEST_F(ToolExport, prints_nothing_for_a_channel_without_messages) {
    const auto outcome = exported();
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
}

TEST_F(ToolExport, stops_when_a_server_repeats_a_page) {
    TestServer server;
    server.answer = [](const net::ServerRequest&, const TestServer::Respond& respond) {
        respond({200,
                 {{"content-type", "application/json"}},
                 R"([{"id":"7","channel_id":"1","content":"x","author":{"id":"2","username":"a"},)"
                 R"("created_at":"2026-01-01T00:00:00Z"}])"});
    };
    const auto outcome =
        run("intent", {"export", "1"}, {"INTENT_TOKEN=bot_x", "INTENT_REST_URL=" + server.http_url("/api/v1")});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.lines.size(), 1U);
    EXPECT_NE(outcome.errors.find("returned message 7 for a page before 7"), std::string::npos) << outcome.errors;
}

}  // namespace

}  // namespace intent::test::export_test
