// Every bot of examples/bots runs under `intent run` and answers a command.
#include "program.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <ostream>

namespace intent::test::example_bots_test {

namespace {

struct ExampleBot {
    std::string name;
    std::vector<std::string> arguments;
    std::string line;    // what alice, who owns the server, writes
    std::string answer;  // a regular expression

    friend std::ostream& operator<<(std::ostream& out, const ExampleBot& bot) { return out << bot.name; }
};

class ExampleBots : public testing::TestWithParam<ExampleBot> {};

TEST_P(ExampleBots, answers_under_intent_run) {
    const ExampleBot& bot = GetParam();
    std::vector<std::string> words{"run", "--port", "0", "--", INTENT_BINARY_DIR "/" + bot.name + "_bot"};
    words.insert(words.end(), bot.arguments.begin(), bot.arguments.end());
    Program running("intent", words);

    std::string url;
    ASSERT_TRUE(eventually([&] {
        const std::string printed = running.errors();
        const auto begin = printed.find("http://");
        const auto end = printed.find(';', begin);
        if (begin == printed.npos || end == printed.npos) return false;
        url = printed.substr(begin, end - begin);
        return true;
    })) << running.errors();
    ASSERT_TRUE(eventually([&] {
        const auto sessions = run("intent", {"sandbox", "sessions", "--json", "--url", url});
        return !sessions.lines.empty() && sessions.lines.front().find("\"connected\":true") != std::string::npos;
    })) << running.errors();

    const auto outcome =
        run("intent", {"expect", "--send", bot.line, "--want", bot.answer, "--within", "60s", "--url", url});
    EXPECT_EQ(outcome.status, 0) << outcome.errors << running.errors();
    running.signal(SIGINT);
    EXPECT_EQ(running.wait(), 0);
}

// One row for each bot of examples/bots, in alphabetical order.
const ExampleBot bots[] = {
    {"basic_commands", {}, "!add 3 4", "^7$"},
    {"bridge", {":memory:"}, "!bridge", "^Write in the other channel"},
    {"currency", {":memory:"}, "!balance", "^You have 0 coins"},
    {"guessing_game", {}, "!guess", "^Alice, I am thinking"},
    {"highlights", {":memory:"}, "!star", "^This server has no highlights"},
    {"moderation", {":memory:"}, "!warnings bot", "^Warnings of bot: none"},
    {"music", {}, "!queue", "^Nothing is playing"},
    {"poll", {}, "!poll 1h Tea? yes no", "^Tea\\?"},
    {"reminder", {":memory:"}, "!remind 2h tea", "^I will remind you"},
    {"welcome", {":memory:"}, "!welcome set Hi, {name}!", "^I will greet"},
};

INSTANTIATE_TEST_SUITE_P(All, ExampleBots, testing::ValuesIn(bots), [](const auto& each) { return each.param.name; });

}  // namespace

}  // namespace intent::test::example_bots_test
