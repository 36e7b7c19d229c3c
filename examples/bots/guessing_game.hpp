// The guessing game: after `!guess` the bot thinks of a number, and the player has to find it.
#pragma once

#include <intent/intent.hpp>

#include <charconv>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>

struct GuessingGameOptions {
    std::function<int()> think = [random = std::mt19937(std::random_device{}())]() mutable {
        return std::uniform_int_distribution<int>(1, 100)(random);
    };
    std::chrono::milliseconds time_to_answer = std::chrono::seconds(30);  ///< per guess
};

/// Parses text that consists only of a number.
inline std::optional<int> parse_guess(const std::string& text) {
    int number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

/// Plays one game with the author of `request` and returns how it ended.
inline intent::task<std::string> play(intent::Message request, int number, std::chrono::milliseconds time_to_answer) {
    std::string question = "I am thinking of a number from 1 to 100. What is it, " + request.author.username + "?";
    int guesses = 0;
    for (;;) {
        const auto answer = co_await request.ask(question, time_to_answer);
        if (!answer) co_return "Your time is up. The number was " + std::to_string(number) + ".";
        const auto guess = parse_guess(answer->content);
        if (!guess) {
            question = "Please write a number from 1 to 100.";
            continue;
        }
        ++guesses;
        if (*guess == number) co_return "That is right. Guesses: " + std::to_string(guesses);
        question = *guess < number ? "My number is higher." : "My number is lower.";
    }
}

/// Adds the game to `client`. Each channel has one game at a time; games in different channels run side by side.
inline void add_guessing_game(intent::Client& client, GuessingGameOptions options = {}) {
    const auto players = std::make_shared<std::map<intent::ChannelId, intent::UserId>>();
    client.on([options, players](intent::MessageCreate event) -> intent::task<> {
        const intent::Message& message = event.message;
        if (message.content != "!guess" || message.from_self()) co_return;

        const auto [game, is_new] = players->emplace(message.channel_id, message.author.id);
        if (!is_new) {
            // The player's own "!guess" is an answer in the running game.
            const bool is_player = game->second == message.author.id;
            if (!is_player) co_await message.reply("Somebody is playing in this channel. Please wait.");
            co_return;
        }
        const auto end = co_await intent::attempt(play(message, options.think(), options.time_to_answer));
        players->erase(message.channel_id);  // before the reply: a player who reads it may start the next game
        co_await message.reply(*end);        // throws if the game ended with an error
    });
}
