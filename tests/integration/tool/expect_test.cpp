// `intent expect`: a person's question and a bot's answer.
#include "program.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace intent::test::expect_test {

namespace {

class ToolExpect : public testing::Test {
protected:
    void start_bot() {
        bot = std::make_unique<Program>("ping_bot", std::vector<std::string>{}, sandbox.environment());
        ASSERT_TRUE(bot->lines().wait_count(1)) << bot->errors();
    }
    Outcome expect(std::vector<std::string> words) {
        words.insert(words.begin(), "expect");
        return run("intent", words, sandbox.environment());
    }

    SandboxProgram sandbox;
    std::unique_ptr<Program> bot;
};

TEST_F(ToolExpect, an_answer_that_matches_is_printed_with_status_0) {
    start_bot();
    const auto outcome = expect({"--send", "!ping", "--want", "^pong", "--within", "30s"});
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    const auto message = parse_line(outcome.lines.at(0));
    EXPECT_TRUE(text(message, "content").starts_with("pong"));
    EXPECT_EQ(message.at("author").at("username"), "bot");

    // By id, by name with its #, as a user, from a user.
    const auto named = expect({"--send", "!ping", "--want", "pong", "--channel", "#general", "--as", "alice", "--from",
                               "bot", "--within", "30s"});
    EXPECT_EQ(named.status, 0) << named.errors;
    EXPECT_EQ(expect({"--send", "!ping", "--want", "pong", "--channel", sandbox.general(), "--within", "30s"}).status,
              0);
}

TEST_F(ToolExpect, a_missing_answer_is_status_8_with_the_messages) {
    start_bot();
    const auto outcome = expect({"--send", "!ping", "--want", "^never$", "--within", "2s"});
    EXPECT_EQ(outcome.status, 8);
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
    EXPECT_NE(outcome.errors.find("unmet: no message of a bot matched ^never$ within 2s"), std::string::npos);
    EXPECT_NE(outcome.errors.find("bot: pong"), std::string::npos) << outcome.errors;
}

TEST_F(ToolExpect, messages_of_people_and_earlier_messages_do_not_count) {
    const std::string channel = sandbox.general();
    ASSERT_EQ(run("intent", {"send", channel, "pong of old"}, sandbox.environment()).status, 0);
    const auto outcome = expect({"--send", "pong from a person", "--want", "pong", "--within", "300ms"});
    EXPECT_EQ(outcome.status, 8);
    EXPECT_NE(outcome.errors.find("no messages since then"), std::string::npos) << outcome.errors;
}

TEST_F(ToolExpect, without_a_message_it_waits_and_reads_embeds) {
    const std::string channel = sandbox.general();
    Program waiting("intent", {"expect", "--want", "the title", "--within", "30s"}, sandbox.environment());
    // It may not listen yet, so repeat the message until it reacts.
    const bool heard = eventually([&] {
        run("intent",
            {"api", "POST", "/channels/" + channel + "/messages", "--as", "bot", "-F",
             R"(embeds=[{"title":"the title"}])"},
            sandbox.environment());
        return waiting.lines().count() > 0;
    });
    EXPECT_TRUE(heard) << waiting.errors();
    EXPECT_EQ(waiting.wait(), 0);
}

TEST_F(ToolExpect, an_edit_that_matches_counts) {
    const std::string messages = "/channels/" + sandbox.general() + "/messages";
    const auto as_bot = [&](const std::vector<std::string>& words) {
        auto all = words;
        all.insert(all.begin(), "api");
        all.insert(all.end(), {"--as", "bot"});
        return run("intent", all, sandbox.environment());
    };
    Program waiting("intent", {"expect", "--send", "begin", "--want", "ready", "--within", "30s"},
                    sandbox.environment());
    // Its message exists once it listens.
    ASSERT_TRUE(eventually([&] {
        const auto list = as_bot({"GET", messages});
        return !list.lines.empty() && list.lines.front().find("begin") != std::string::npos;
    }));
    const auto made = as_bot({"POST", messages, "-f", "content=working"});
    ASSERT_EQ(made.status, 0) << made.errors;
    const std::string id = text(parse_line(made.lines.at(0)), "id");
    ASSERT_EQ(as_bot({"PATCH", messages + "/" + id, "-f", "content=ready"}).status, 0);
    EXPECT_EQ(waiting.wait(), 0) << waiting.errors();
}

TEST_F(ToolExpect, case_184_no_pattern_makes_it_miss_its_deadline) {
    const std::string messages = "/channels/" + sandbox.general() + "/messages";
    Program waiting("intent", {"expect", "--send", "begin", "--want", "^(a|a)*(a+)+$", "--within", "1s"},
                    sandbox.environment());
    ASSERT_TRUE(eventually([&] {
        const auto list = run("intent", {"api", "GET", messages, "--as", "bot"}, sandbox.environment());
        return !list.lines.empty() && list.lines.front().find("begin") != std::string::npos;
    }));
    run("intent", {"api", "POST", messages, "--as", "bot", "-f", "content=" + std::string(1900, 'a') + "!"},
        sandbox.environment());
    EXPECT_EQ(waiting.wait(), 8) << waiting.errors();
}

TEST_F(ToolExpect, invalid_arguments_are_refused_before_a_message_is_sent) {
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{"--send", "x"}, "--want"},
        {{"--want", "("}, "not a regular expression (RE2)"},
        {{"--want", "(a)\\1"}, "not a regular expression (RE2)"},
        {{"--want", "x", "--within", "5"}, "--within 5"},
        {{"--want", "x", "--within", "soon"}, "250ms"},
        {{"--want", "x", "--advance", "far"}, "--advance far"},
        {{"--want", "x", "--channel", "nowhere"}, "no such channel"},
        {{"--want", "x", "--as", "nobody"}, "no such user"},
        {{"--want", "x", "--from", "bott"}, "did you mean bot?"},
    };
    for (const auto& [words, says] : rows) {
        const auto outcome = expect(words);
        EXPECT_EQ(outcome.status, 2) << says;
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(says), std::string::npos) << outcome.errors;
    }
}

}  // namespace

}  // namespace intent::test::expect_test
