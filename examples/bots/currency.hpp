// The currency bot: every member has coins. `!daily` gives 100 coins once a day, `!balance` shows the coins, and
// `!transfer NAME AMOUNT` gives some of them to another member.
#pragma once

#include <intent/intent.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

class Currency {
public:
    /// Stores the accounts in `file`, which is created if missing. `client` must outlive the bot and have one handler
    /// thread (the default).
    Currency(intent::Client& client, std::filesystem::path file) : file_(std::move(file)), scope_(client) {
        load();
        scope_.on_in_order(&Currency::on_message, this);
    }

private:
    struct Account {
        std::int64_t coins = 0;
        std::int64_t last_daily = 0;  // seconds since 1970
    };

    // In order: the answer to a command includes the effects of earlier commands in the same channel.
    intent::task<> on_message(intent::MessageCreate event) {
        const intent::Message& message = event.message;
        std::istringstream words(message.content);
        std::string command, name, amount;
        words >> command >> name >> amount;
        std::string answer;
        if (command == "!balance") answer = "You have " + text(accounts_[message.author.id].coins) + ".";
        if (command == "!daily") answer = daily(message);
        if (command == "!transfer") answer = co_await transfer(message, name, amount);
        if (!answer.empty()) co_await message.reply(answer);
    }

    std::string daily(const intent::Message& message) {
        const std::int64_t now =
            std::chrono::floor<std::chrono::seconds>(message.created_at).time_since_epoch().count();
        Account& account = accounts_[message.author.id];
        const std::int64_t wait = account.last_daily + 24 * 3600 - now;
        if (wait > 0) return "Come back in " + std::to_string((wait + 3599) / 3600) + " h.";
        account.last_daily = now;
        account.coins += 100;
        save();
        return "You get 100 coins and have " + text(account.coins) + ".";
    }

    intent::task<std::string> transfer(const intent::Message& message, std::string name, std::string amount_text) {
        std::int64_t amount = 0;
        const char* const end = amount_text.data() + amount_text.size();
        const auto [rest, error] = std::from_chars(amount_text.data(), end, amount);
        if (error != std::errc{} || rest != end || amount < 1 || name.size() > 32)
            co_return "Write !transfer NAME AMOUNT, with a whole number of coins.";
        const auto receiver = co_await find_member(message, name);
        if (!receiver) co_return "I do not know " + name + ".";
        if (*receiver == message.author.id) co_return "You cannot pay yourself.";

        // No co_await from here on: other commands run during each co_await, so what was checked before it may no
        // longer be true after it.
        Account& payer = accounts_[message.author.id];
        if (payer.coins < amount) co_return "You have only " + text(payer.coins) + ".";
        payer.coins -= amount;
        accounts_[*receiver].coins += amount;
        save();
        co_return "You gave " + text(amount) + " to " + name + ".";
    }

    static intent::task<std::optional<intent::UserId>> find_member(const intent::Message& message, std::string name) {
        const intent::Server server = co_await message.server();
        for (const intent::Member& member : co_await server.members())
            if (member.user.username == name) co_return member.user.id;
        co_return std::nullopt;
    }

    static std::string text(std::int64_t coins) { return std::to_string(coins) + (coins == 1 ? " coin" : " coins"); }

    void load() {
        std::ifstream in(file_);
        intent::UserId user;
        Account account;
        while (in >> user.value >> account.coins >> account.last_daily)
            accounts_[user] = account;
    }
    // Replaces the whole file, so that a crash leaves either the old or the new accounts.
    void save() const {
        std::filesystem::path next = file_;
        next += ".new";
        std::ofstream out(next);
        for (const auto& [user, account] : accounts_)
            out << user << ' ' << account.coins << ' ' << account.last_daily << '\n';
        out.close();
        if (!out) throw std::runtime_error("cannot write " + next.string());
        std::filesystem::rename(next, file_);
    }

    std::filesystem::path file_;
    std::map<intent::UserId, Account> accounts_;
    intent::Scope scope_;  // last member: ends the handlers before the accounts are destroyed
};
