// How `intent lint` reads the answer of clang-query, and what it proposes.
#include "tools/intent/support/lint_query.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tool {
namespace {

std::string note(const std::string& place, const std::string& name) {
    return place + ": note: \"" + name + "\" binds here\n    co_await f(…);\n    ^~~~~~~~\n";
}

TEST(LintHits, are_empty_for_an_answer_without_a_match) { EXPECT_TRUE(lint_hits("\n0 matches.\n").empty()); }

TEST(LintHits, have_the_place_of_the_temporary_and_of_the_await) {
    const auto hits = lint_hits("\nMatch #1:\n\n" + note("/a:b/bot.cpp:7:20", "aggregate") +
                                note("/a:b/bot.cpp:7:5", "operand") + note("/a:b/bot.cpp:7:5", "r1") + "1 match.\n");
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].at, (SourcePlace{"/a:b/bot.cpp", 7, 20}));
    EXPECT_EQ(hits[0].await, (SourcePlace{"/a:b/bot.cpp", 7, 5}));
    EXPECT_EQ(hits[0].shape, LintShape::aggregate);
    EXPECT_EQ(hits[0].place, LintPlace::operand);
}

TEST(LintHits, are_unique_and_in_the_order_of_lines) {
    const std::string first = "Match #1:\n" + note("b.cpp:20:9", "capture") + note("b.cpp:20:3", "operand");
    const std::string second = "Match #2:\n" + note("b.cpp:4:9", "conditional") + note("b.cpp:4:30", "beside");
    const auto hits = lint_hits(first + second + first);
    ASSERT_EQ(hits.size(), 2u);
    EXPECT_EQ(hits[0].at.line, 4u);
    EXPECT_EQ(hits[0].place, LintPlace::beside);
    EXPECT_EQ(hits[1].at.line, 20u);
    EXPECT_EQ(hits[1].shape, LintShape::capture);
}

TEST(LintHits, prefer_the_await_whose_operand_the_temporary_is) {
    const std::string beside = "Match #1:\n" + note("b.cpp:4:9", "conditional") + note("b.cpp:4:30", "beside");
    const std::string operand = "Match #2:\n" + note("b.cpp:4:9", "conditional") + note("b.cpp:4:2", "operand");
    for (const auto& answer : {beside + operand, operand + beside}) {
        const auto hits = lint_hits(answer);
        ASSERT_EQ(hits.size(), 1u);
        EXPECT_EQ(hits[0].await.column, 2u);
    }
}

TEST(LintHits, include_a_branch_that_awaits) {
    const auto hits = lint_hits("Match #1:\n" + note("b.cpp:4:9", "conditional") + note("b.cpp:4:20", "arm") +
                                note("b.cpp:4:20", "beside"));
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].place, LintPlace::arms);
}

TEST(LintHits, of_a_default_argument_are_at_the_call) {
    const auto hits =
        lint_hits("Match #1:\n" + note("/include/api.hpp:4:9", "aggregate") + note("bot.cpp:20:3", "operand"));
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].at, (SourcePlace{"bot.cpp", 20, 3}));
}

TEST(LintHits, are_empty_for_another_text) {
    for (const char* text :
         {"", "Match #1:\n", ":::: note: \"aggregate\" binds here", "x:1: note: \"operand\" binds here",
          "x:9999999999999999999999:1: note: \"aggregate\" binds here"})
        EXPECT_TRUE(lint_hits(text).empty()) << text;
}

struct Operand {
    const char* text;  ///< begins with a co_await
    const char* operand;
};

TEST(AwaitedOperand, ends_where_the_expression_ends) {
    const Operand table[] = {
        {"co_await f(a);", "f(a)"},
        {"co_await event.message.reply(ok ? \"yes\" : \"n;o)\" + x);",
         "event.message.reply(ok ? \"yes\" : \"n;o)\" + x)"},
        {"co_await f(a), g(b);", "f(a)"},
        {"co_await f(a) + g(b);", "f(a)"},
        {"co_await ns::f<A, B>(a)->b().c[0] > 3;", "ns::f<A, B>(a)->b().c[0]"},
        {"co_await a < b;", "a"},
        {"co_await ::f(a);", "::f(a)"},
        {"co_await *pointer;", "*pointer"},
        {"co_await (ok ? a() : b());", "(ok ? a() : b())"},
        {"co_await [x](int) -> task<> { return f(x); }(1);", "[x](int) -> task<> { return f(x); }(1)"},
        {"co_await f(')', \"\\\")\");", "f(')', \"\\\")\")"},
        {"co_await f(1'000'000);", "f(1'000'000)"},
        {"co_await f(\n        a,\n        b);", "f(a, b)"},
        {"co_await Body{a}.set(b);", "Body{a}.set(b)"},
        {"co_await value) {}", "value"},
    };
    for (const auto& [text, operand] : table) {
        const std::string source = "if (x) " + std::string(text);
        EXPECT_EQ(awaited_operand(source, 7), operand) << text;
    }
}

TEST(AwaitedOperand, is_empty_if_it_is_not_found) {
    EXPECT_EQ(awaited_operand("co_await f(a", 0), "");
    EXPECT_EQ(awaited_operand("co_await ", 0), "");
    EXPECT_EQ(awaited_operand("return f(a);", 0), "");
    EXPECT_EQ(awaited_operand("co_await f(a);", 99), "");
    EXPECT_EQ(awaited_operand("co_await f(" + std::string(500, 'x') + ");", 0), "");
}

TEST(LintRewrite, names_the_task_and_awaits_it) {
    const LintHit hit{{"b.cpp", 2, 20}, LintShape::conditional, LintPlace::operand, {"b.cpp", 2, 5}};
    EXPECT_EQ(lint_rewrite(hit, "first\n    co_await f(ok ? a : b);\n"),
              "auto pending = f(ok ? a : b);\nco_await std::move(pending);");
}

TEST(LintRewrite, names_the_value_that_is_awaited_beside_the_temporary) {
    const LintHit hit{{"b.cpp", 1, 1}, LintShape::aggregate, LintPlace::beside, {"b.cpp", 1, 11}};
    EXPECT_EQ(lint_rewrite(hit, "Pair p = {co_await f(), 1};"),
              "auto value = co_await f();\nstd::move(value) in place of the co_await");
}

TEST(LintRewrite, does_not_await_before_the_condition) {
    const LintHit hit{{"b.cpp", 1, 1}, LintShape::conditional, LintPlace::arms, {"b.cpp", 1, 10}};
    EXPECT_EQ(lint_rewrite(hit, "S s = ok ? co_await f() : S();"),
              "if and else, with each co_await in a statement of its own");
}

TEST(LintRewrite, works_without_the_source) {
    for (const auto place : {LintPlace::operand, LintPlace::beside, LintPlace::arms}) {
        const LintHit hit{{"b.cpp", 5, 1}, LintShape::capture, place, {"b.cpp", 5, 10}};
        EXPECT_FALSE(lint_rewrite(hit, "").empty());
        EXPECT_FALSE(lint_rewrite(hit, "one line").empty());
    }
}

}  // namespace
}  // namespace tool
