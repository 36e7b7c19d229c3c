// The example programs, and those that stand in the README.
#include "program.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace intent::test::examples_test {

namespace {

/// Runs a bot that prints "online as …", asks it `!ping` by the tool, and reads its answer from the tool.
void expect_pong(const std::string& bot_name) {
    SandboxProgram sandbox({"--bot", "asker", "--bot", "answerer=answerer-token"});
    const std::string channel = sandbox.general();
    Environment of_bot = sandbox.environment();
    of_bot[0] = "INTENT_TOKEN=answerer-token";
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    Program bot(bot_name, {}, of_bot);

    // Programs that do not flush their standard output say nothing before their end, so the bot is asked until it
    // answers.
    const bool answered = eventually([&] {
        EXPECT_EQ(run("intent", {"send", channel, "!ping"}, sandbox.environment()).status, 0);
        return listen.lines()
            .wait_value([](const std::string& line) { return line.find("\"pong") != std::string::npos; },
                        std::chrono::seconds(2))
            .has_value();
    });
    EXPECT_TRUE(answered) << bot.errors();
    bot.signal(SIGTERM);
    EXPECT_EQ(bot.wait(), 0);
    EXPECT_EQ(bot.lines().all(), std::vector<std::string>{"online as answerer"});
}

TEST(Examples, bot_of_the_readme_answers) { expect_pong("readme_1"); }

TEST(Examples, bots_of_the_pages_for_those_who_move_answer) {
    for (const char* const bot : {"from_discordjs_1", "from_discordpy_1", "from_dpp_1"})
        expect_pong(bot);
}

TEST(Examples, ping_bot_answers) { expect_pong("ping_bot"); }

TEST(Examples, test_of_the_readme_passes) {
    const auto outcome = run("readme_3", {});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST(Examples, test_of_the_first_bot_passes) {
    const auto outcome = run("first_bot_3", {});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST(Examples, ping_bot_without_a_token_reports_it) {
    const auto outcome = run("ping_bot", {});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.errors, "intent: INTENT_TOKEN: not set; set it to the bot's token\n");
}

TEST(Examples, demo_plays_the_conversation_and_ends_with_status_0) {
    const auto outcome = run("intent_demo", {"--once"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    std::string all;
    for (const auto& line : outcome.lines)
        all += line + "\n";
    for (const char* part : {"writes: !ping", "writes: pong", "edits it: pong (", "a message is deleted",
                             "drops the connection", "resumed, events replayed: "}) {
        EXPECT_NE(all.find(part), std::string::npos) << part << " is missing in\n" << all;
    }
}

}  // namespace

}  // namespace intent::test::examples_test
