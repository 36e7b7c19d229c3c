// The guessing game: after `!guess` the bot thinks of a number from 1 to 100, and the player has to find it. Each
// channel has one game at a time; games in different channels run side by side.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <utility>

class GuessingGame {
public:
    /// `think` returns the number of a game.
    explicit GuessingGame(intent::Client& client, std::function<int()> think = think_of_a_number)
        : think_(std::move(think)), commands_(client, "!") {
        commands_.add("guess", "Starts a guessing game with you.", &GuessingGame::play, this)
            .max_concurrency(1, intent::Per::channel)
            .on_error([](intent::Context ctx, intent::TooManyRunning) -> intent::task<> {
                co_await ctx.reply("Somebody is playing in this channel. Please wait.");
            });
    }

private:
    static int think_of_a_number() {
        static thread_local std::mt19937 random{std::random_device{}()};
        return std::uniform_int_distribution<int>(1, 100)(random);
    }

    intent::task<> play(intent::Context ctx) {
        const int number = think_();
        std::string question = ctx.author().display_name + ", I am thinking of a number from 1 to 100. What is it?";
        for (int guesses = 1;; ++guesses) {
            const auto guess = co_await ctx.ask<intent::Range<1, 100>>(question, std::chrono::seconds(30));
            if (!guess) {
                co_await ctx.reply("The game is over. The number was " + std::to_string(number) + ".");
                co_return;
            }
            if (*guess == number) {
                co_await ctx.reply("That is right. Guesses: " + std::to_string(guesses));
                co_return;
            }
            question = *guess < number ? "My number is higher." : "My number is lower.";
        }
    }

    const std::function<int()> think_;
    intent::Commands commands_;  // last member: ends the games before the rest is destroyed
};
