#include "bot.hpp"

#include <chrono>
#include <cstdint>
#include <string>

Bot::Bot(intent::Client& client) : commands_(client, "!") {
    commands_.add("roll <times> [sides=6]", "Rolls dice.", &Bot::roll, this)
        .cooldown(3, std::chrono::seconds(10), intent::Per::user);
    commands_.add("joined <member>", "Shows when a member joined.", &Bot::joined, this);
}

intent::task<> Bot::roll(intent::Context ctx, intent::Range<1, 20> times, intent::Range<1, 1000> sides) {
    std::uniform_int_distribution<std::int64_t> side(1, sides);
    std::string result;
    for (int i = 0; i < times; ++i)
        result += (i == 0 ? "" : ", ") + std::to_string(side(random_));
    co_await ctx.reply(result);
}

intent::task<> Bot::joined(intent::Context ctx, intent::Member member) {
    co_await ctx.reply(member.shown_name() + " joined " + intent::format_timestamp(member.joined_at));
}
