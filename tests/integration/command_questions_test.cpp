// Questions of a command whose answers have a type.
#include "tests/support/client_world.hpp"

#include <intent/commands.hpp>
#include <intent/errors.hpp>
#include <intent/limits.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::command_questions_test {

enum class Color { red, green };

}  // namespace intent::command_questions_test

template <>
struct intent::Choices<intent::command_questions_test::Color> {
    using Color = intent::command_questions_test::Color;
    static constexpr intent::Choice<Color> all[] = {{"red", Color::red}, {"green", Color::green}};
};

namespace intent::command_questions_test {
namespace {

using namespace std::chrono_literals;
using Age = Range<1, 150>;

std::string text_of(Age age) { return std::to_string(age); }
std::string text_of(std::chrono::minutes time) { return std::to_string(time.count()) + " min"; }
std::string text_of(Color color) { return color == Color::red ? "it is red" : "it is green"; }
std::string text_of(const Rest& rest) { return "[" + rest.text() + "]"; }
std::string text_of(const Member& member) { return "member " + member.user.username; }
std::string text_of(const std::vector<int>& numbers) {
    std::string text;
    for (const int number : numbers)
        text += "<" + std::to_string(number) + ">";
    return text;
}

/// A command that asks for a T and replies what it got.
template <class T>
task<> ask_for(Context ctx) {
    const auto answer = co_await ctx.ask<T>("What?", 30s);
    std::string text = "nothing";
    if (answer) text = text_of(*answer);
    co_await ctx.reply(text);
}

class CommandQuestions : public testing::Test {
protected:
    CommandQuestions() { bot.start(); }

    std::string answer(std::string_view line) { return reader.answer_to(alice, sandbox.general(), line); }

    Sandbox sandbox{{.limits = false, .clock = TestClock()}};
    const sandbox::User alice = sandbox.user("alice");
    const sandbox::User bob = sandbox.user("bob");
    Client bot{test::options_for(sandbox)};
    Commands commands{bot, "!"};
    sandbox::Reader reader = sandbox.reader("bot");
};

TEST_F(CommandQuestions, an_answer_has_any_type_of_a_parameter) {
    commands.add("age", "", &ask_for<Age>);
    commands.add("time", "", &ask_for<std::chrono::minutes>);
    commands.add("color", "", &ask_for<Color>);
    commands.add("text", "", &ask_for<Rest>);
    commands.add("numbers", "", &ask_for<std::vector<int>>);
    commands.add("who", "", &ask_for<Member>);
    const std::vector<std::vector<std::string>> talks = {{"!age", " 42 ", "42"},
                                                         {"!time", "1h30m", "90 min"},
                                                         {"!color", "Green", "it is green"},
                                                         {"!text", " a \"b\" c", "[a \"b\" c]"},
                                                         {"!numbers", "1  2 3", "<1><2><3>"},
                                                         {"!who", "@BOB", "member bob"}};
    for (const auto& talk : talks) {
        EXPECT_EQ(answer(talk[0]), "What?") << talk[0];
        EXPECT_EQ(answer(talk[1]), talk[2]);
    }
}

TEST_F(CommandQuestions, an_answer_that_does_not_fit_is_answered_with_the_reason_and_the_question) {
    commands.add("age", "", &ask_for<Age>);
    commands.add("numbers", "", &ask_for<std::vector<int>>);
    commands.add("who", "", &ask_for<Member>);
    answer("!age");
    EXPECT_EQ(answer("151"), "Expected a whole number from 1 to 150.\nWhat?");
    EXPECT_EQ(answer("150 years"), "Expected a whole number from 1 to 150.\nWhat?");
    EXPECT_EQ(answer("150"), "150");
    answer("!numbers");
    EXPECT_EQ(answer("1 2 x"), "Expected a whole number from -2147483648 to 2147483647.\nWhat?");
    EXPECT_EQ(answer("1 2 3"), "<1><2><3>");
    answer("!who");
    EXPECT_EQ(answer("carol"), "There is no member of this name or id.\nWhat?");
    sandbox.user("carol");
    EXPECT_EQ(answer("carol"), "member carol");
}

TEST_F(CommandQuestions, others_do_not_answer) {
    commands.add("age", "", &ask_for<Age>);
    answer("!age");
    EXPECT_EQ(reader.answer_to(bob, sandbox.general(), "7"), "");
    EXPECT_EQ(reader.answer_to(bob, sandbox.general(), "x"), "");
    EXPECT_EQ(answer("8"), "8");
}

TEST_F(CommandQuestions, a_command_is_not_an_answer) {
    commands.add("text", "", &ask_for<Rest>);
    commands.add("ping", "", [](Context ctx) -> task<> { co_await ctx.reply("pong"); });
    answer("!text");
    EXPECT_EQ(answer("!ping"), "pong");
    EXPECT_EQ(answer("hello!"), "[hello!]");
}

TEST_F(CommandQuestions, a_question_ends_after_three_answers_that_do_not_fit) {
    commands.add("age", "", &ask_for<Age>);
    answer("!age");
    EXPECT_NE(answer("a"), "nothing");
    EXPECT_NE(answer("b"), "nothing");
    EXPECT_EQ(answer("c"), "nothing");
    EXPECT_EQ(answer("1"), "");
}

TEST_F(CommandQuestions, all_attempts_share_the_timeout) {
    commands.add("age", "", &ask_for<Age>);
    answer("!age");
    sandbox.advance(20s);
    EXPECT_EQ(answer("x"), "Expected a whole number from 1 to 150.\nWhat?");
    sandbox.advance(10s - 1ms);
    EXPECT_TRUE(reader.next(sandbox.general()).empty());
    sandbox.advance(1ms);
    EXPECT_EQ(reader.next(sandbox.general()), std::vector<std::string>{"nothing"});
}

TEST_F(CommandQuestions, a_question_that_leaves_no_room_for_the_reason_is_not_repeated) {
    const std::string long_question(limits::message_length - 10, '?');
    commands.add("long", "", [&long_question](Context ctx) -> task<> {
        const auto age = co_await ctx.ask<Age>(long_question, 30s);
        co_await ctx.reply(age ? "thanks" : "nothing");
    });
    EXPECT_EQ(answer("!long"), long_question);
    EXPECT_EQ(answer("x"), "Expected a whole number from 1 to 150.");
    EXPECT_EQ(answer("1"), "thanks");
}

TEST_F(CommandQuestions, need_at_least_one_attempt) {
    commands.add("age", "", [](Context ctx) -> task<> { co_await ctx.ask<Age>("How old?", 30s, 0); });
    commands.on_error([](Context ctx, ConfigError error) -> task<> { co_await ctx.reply(error.what()); });
    EXPECT_EQ(answer("!age"), "ask: attempts: 0; expected at least 1");
}

}  // namespace
}  // namespace intent::command_questions_test
