// Eight commands with typed arguments, such as `!roll 3 6`, `!choose tea "black coffee"` and `!kick @bob spam`. `!help`
// lists them.
#pragma once

#include <intent/commands.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <vector>

inline std::size_t random_between(std::size_t low, std::size_t high) {
    static thread_local std::mt19937_64 engine{std::random_device{}()};
    return std::uniform_int_distribution<std::size_t>(low, high)(engine);
}

inline void add_basic_commands(intent::CommandGroup& commands) {
    using namespace intent;
    using namespace std::chrono_literals;
    commands.add("add <left> <right>", "Adds two numbers.", [](Context ctx, int left, int right) -> task<> {
        co_await ctx.reply(std::to_string(static_cast<long long>(left) + right));
    });
    commands.add("roll <times> [sides=6]", "Rolls dice.",
                 [](Context ctx, Range<1, 100> times, Range<1, 1000> sides) -> task<> {
                     std::string result;
                     for (int i = 0; i < times; ++i)
                         result += (i ? ", " : "") + std::to_string(random_between(1, static_cast<std::size_t>(sides)));
                     co_await ctx.reply(result);
                 });
    commands.add("choose <choices>", "Chooses one of several.",
                 [](Context ctx, std::vector<std::string> choices) -> task<> {
                     co_await ctx.reply(choices[random_between(0, choices.size() - 1)]);
                 });
    commands
        .add("repeat <times> [text=again]", "Repeats a text.",
             [](Context ctx, Range<1, 5> times, std::string text) -> task<> {
                 for (int i = 0; i < times; ++i)
                     co_await ctx.reply(text);
             })
        .cooldown(1, 10s, Per::channel);
    commands.add("joined <member>", "Shows when a member joined.", [](Context ctx, Member member) -> task<> {
        co_await ctx.reply(member.shown_name() + " joined " + format_timestamp(member.joined_at));
    });
    commands.add("cool <who>", "Checks whether someone is cool.",
                 [](Context ctx, Rest who) -> task<> { co_await ctx.reply("No, " + who.text() + " is not cool."); });
    commands.add("cool bot", "Is the bot cool?",
                 [](Context ctx) -> task<> { co_await ctx.reply("Yes, the bot is cool."); });
    commands
        .add("kick <member> [reason]", "Removes a member.",
             [](Context ctx, Member member, Rest reason) -> task<> {
                 const bool sure = co_await ctx.confirm("Kick " + member.shown_name() + "? (yes/no)", 30s);
                 if (!sure) co_return;
                 co_await member.kick();
                 co_await ctx.reply(member.shown_name() + " is gone. " + reason.text());
             })
        .requires_permission(Permission::kick_members)
        .bot_requires(Permission::kick_members);
}
