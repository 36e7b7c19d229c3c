// What 20 commands cost to compile; twenty_handlers.cpp is the yardstick.
#include <intent/commands.hpp>

void add_all(intent::Commands& commands) {
    using namespace intent;
    commands.add("c0 <a> <b>", "Help.", [](Context ctx, int a, int b) -> task<> {
        if (a + b > 0) co_await ctx.reply("done 0");
    });
    commands.add("c1 <a>", "Help.", [](Context ctx, std::string a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 1");
    });
    commands.add("c2 <a> [b]", "Help.", [](Context ctx, std::int64_t a, std::optional<int> b) -> task<> {
        if (b > a) co_await ctx.reply("done 2");
    });
    commands.add("c3 <a>", "Help.", [](Context ctx, bool a) -> task<> {
        if (a) co_await ctx.reply("done 3");
    });
    commands.add("c4 <a>", "Help.", [](Context ctx, std::vector<std::string> a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 4");
    });
    commands.add("c5 <a> [b]", "Help.", [](Context ctx, std::chrono::milliseconds a, Rest b) -> task<> {
        if (a.count() > 0 && !b.empty()) co_await ctx.reply("done 5");
    });
    commands.add("c6 <a>", "Help.", [](Context ctx, Member a) -> task<> {
        if (a.nickname) co_await ctx.reply("done 6");
    });
    commands.add("c7 <a>", "Help.", [](Context ctx, Channel a) -> task<> {
        if (a.topic) co_await ctx.reply("done 7");
    });
    commands.add("c8 <a>", "Help.", [](Context ctx, Range<1, 10> a) -> task<> {
        if (a > 5) co_await ctx.reply("done 8");
    });
    commands.add("c9 <a>", "Help.", [](Context ctx, Rest a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 9");
    });
    commands.add("c10 <a> <b>", "Help.", [](Context ctx, int a, int b) -> task<> {
        if (a + b > 0) co_await ctx.reply("done 10");
    });
    commands.add("c11 <a>", "Help.", [](Context ctx, std::string a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 11");
    });
    commands.add("c12 <a> [b]", "Help.", [](Context ctx, std::int64_t a, std::optional<int> b) -> task<> {
        if (b > a) co_await ctx.reply("done 12");
    });
    commands.add("c13 <a>", "Help.", [](Context ctx, bool a) -> task<> {
        if (a) co_await ctx.reply("done 13");
    });
    commands.add("c14 <a>", "Help.", [](Context ctx, std::vector<std::string> a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 14");
    });
    commands.add("c15 <a> [b]", "Help.", [](Context ctx, std::chrono::milliseconds a, Rest b) -> task<> {
        if (a.count() > 0 && !b.empty()) co_await ctx.reply("done 15");
    });
    commands.add("c16 <a>", "Help.", [](Context ctx, Member a) -> task<> {
        if (a.nickname) co_await ctx.reply("done 16");
    });
    commands.add("c17 <a>", "Help.", [](Context ctx, Channel a) -> task<> {
        if (a.topic) co_await ctx.reply("done 17");
    });
    commands.add("c18 <a>", "Help.", [](Context ctx, Range<1, 10> a) -> task<> {
        if (a > 5) co_await ctx.reply("done 18");
    });
    commands.add("c19 <a>", "Help.", [](Context ctx, Rest a) -> task<> {
        if (!a.empty()) co_await ctx.reply("done 19");
    });
}
