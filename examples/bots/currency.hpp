// The currency bot: the members of a server have coins. `!daily` gives 100 coins once in 24 hours, `!balance [member]`
// shows coins, `!pay <member> <amount>` gives some of them to another member, and `!top` lists the richest members.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/settings.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

class Currency {
public:
    /// Stores the coins in `file`, which is created if missing.
    Currency(intent::Client& client, const std::string& file) : settings_(file), commands_(client, "!") {
        commands_.server_only();
        commands_.add("balance [member]", "Shows your coins, or those of a member.", &Currency::balance, this);
        commands_.add("daily", "Gives you 100 coins, once in 24 hours.", &Currency::daily, this);
        commands_.add("pay <member> <amount>", "Gives coins to a member.", &Currency::pay, this);
        commands_.add("top", "Lists the richest members.", &Currency::top, this);
    }

private:
    using Amount = intent::Range<1, 1'000'000'000>;
    static constexpr std::size_t top_length = 10;
    static inline const intent::Setting<std::int64_t> coins{"coins"};
    static inline const intent::Setting<intent::Timestamp> last_daily{"last daily"};

    intent::task<> balance(intent::Context ctx, std::optional<intent::Member> member) {
        const intent::MemberId owner = member ? intent::MemberId{ctx.server_id(), member->user.id} : author(ctx);
        const std::string who = member ? member->shown_name() + " has " : "You have ";
        co_await ctx.reply(who + text(settings_.get(coins, owner)) + ".");
    }

    // Not `cooldown`, which would begin again with each start of the bot.
    intent::task<> daily(intent::Context ctx) {
        const intent::MemberId owner = author(ctx);
        const intent::Timestamp now = ctx.message().created_at;
        const auto wait = settings_.transaction([&](intent::Settings::Transaction& t) {
            const auto left = t.get(last_daily, owner) + std::chrono::hours(24) - now;
            if (left.count() > 0) return std::chrono::ceil<std::chrono::minutes>(left);
            t.set(last_daily, owner, now);
            t.add(coins, owner, 100);
            return std::chrono::minutes(0);
        });
        if (wait.count() > 0) throw intent::CheckFailed("Come back in " + intent::format_duration(wait) + ".");
        co_await ctx.reply("You get 100 coins and have " + text(settings_.get(coins, owner)) + ".");
    }

    intent::task<> pay(intent::Context ctx, intent::Member to, Amount amount) {
        const intent::MemberId payer = author(ctx);
        const intent::MemberId receiver{ctx.server_id(), to.user.id};
        if (receiver == payer) throw intent::BadArgument("you cannot pay yourself").at("member");
        const bool is_paid = settings_.transaction([&](intent::Settings::Transaction& t) {
            if (t.get(coins, payer) < amount) return false;
            t.add(coins, payer, -amount);
            t.add(coins, receiver, amount);
            return true;
        });
        if (!is_paid) throw intent::BadArgument("you have only " + text(settings_.get(coins, payer))).at("amount");
        co_await ctx.reply("You gave " + text(amount) + " to " + to.shown_name() + ".");
    }

    intent::task<> top(intent::Context ctx) {
        std::vector<std::pair<std::int64_t, intent::UserId>> richest;
        for (const auto& [owner, amount] : settings_.all(coins, ctx.server_id()))
            if (amount > 0) richest.emplace_back(amount, owner.user());
        std::sort(richest.begin(), richest.end(), std::greater<>());

        std::string lines;
        std::size_t place = 0;
        for (const auto& [amount, user] : richest) {
            if (place == top_length) break;
            const auto member = co_await intent::attempt(ctx.client().member(ctx.server_id(), user));
            if (member.is<intent::NotFoundError>()) continue;  // has left the server
            lines += std::to_string(++place) + ". " + member->shown_name() + ": " + text(amount) + "\n";
        }
        if (lines.empty()) lines = "Nobody has coins.";
        co_await ctx.reply_long(lines);
    }

    static intent::MemberId author(const intent::Context& ctx) { return {ctx.server_id(), ctx.author().id}; }

    static std::string text(std::int64_t amount) {
        return intent::format_number(amount) + (amount == 1 ? " coin" : " coins");
    }

    intent::Settings settings_;
    intent::Commands commands_;  // last member: ends the invocations before the settings are closed
};
