// The reminder: `!remind 10s tea` reminds you of the tea in ten seconds. `!reminders` lists your reminders, and
// `!cancel 3` cancels number 3.
#pragma once

#include <intent/intent.hpp>

#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

/// "10s", "5m" or "2h", at most one day.
inline std::optional<std::chrono::seconds> parse_delay(std::string_view text) {
    int number = 0;
    const char* const end = text.data() + text.size();
    const auto [unit, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || unit == end || unit + 1 != end || number < 1 || number > 86'400) return std::nullopt;

    std::chrono::seconds delay(number);
    if (*unit == 'm') delay *= 60;
    if (*unit == 'h') delay *= 3600;
    if (*unit != 's' && *unit != 'm' && *unit != 'h') return std::nullopt;
    if (delay > std::chrono::hours(24)) return std::nullopt;
    return delay;
}

class Reminders {
public:
    explicit Reminders(intent::Client& client) : client_(client), scope_(client) {
        scope_.on(&Reminders::on_message, this);
    }

private:
    /// Time until the next attempt if a reminder is due and the platform does not answer.
    static constexpr std::chrono::seconds retry_delay{10};

    struct Reminder {
        intent::Message request;
        std::string text;
    };

    intent::task<> on_message(intent::MessageCreate event) {
        const intent::Message& message = event.message;
        if (message.from_self()) co_return;
        const std::size_t space = message.content.find(' ');
        const std::string command = message.content.substr(0, space);
        const std::string rest = space == std::string::npos ? "" : message.content.substr(space + 1);
        if (command == "!remind") co_await message.reply(add(message, rest));
        if (command == "!reminders") co_await message.reply(list(message.author.id));
        if (command == "!cancel") co_await message.reply(cancel(message.author.id, rest));
    }

    std::string add(const intent::Message& message, const std::string& arguments) {
        const std::size_t space = arguments.find(' ');
        const auto delay = parse_delay(arguments.substr(0, space));
        if (!delay || space == std::string::npos) return "Write for example: !remind 10s tea";
        const std::string text = arguments.substr(space + 1);
        if (text.size() > 200) return "That is too long for a reminder.";

        const int number = ++last_number_;
        reminders_[number] = Reminder{message, text};
        scope_.spawn("reminder", &Reminders::remind, this, number, *delay);
        return "I will remind you. This is reminder " + std::to_string(number) + ".";
    }

    std::string list(intent::UserId user) const {
        std::string lines;
        for (const auto& [number, reminder] : reminders_) {
            if (reminder.request.author.id != user) continue;
            if (lines.size() > 1500) return lines + "and more";
            lines += std::to_string(number) + ": " + reminder.text + "\n";
        }
        return lines.empty() ? "You have no reminders." : lines;
    }

    std::string cancel(intent::UserId user, const std::string& number) {
        const auto erased = std::erase_if(reminders_, [&](const auto& entry) {
            return std::to_string(entry.first) == number && entry.second.request.author.id == user;
        });
        return erased == 0 ? "You have no reminder with that number." : "Reminder " + number + " is cancelled.";
    }

    intent::task<> remind(int number, std::chrono::seconds delay) {
        co_await client_.sleep_for(delay);
        for (;;) {
            auto due = reminders_.extract(number);
            if (due.empty()) co_return;  // cancelled
            const Reminder& reminder = due.mapped();
            const std::string text = reminder.request.author.username + ", remember: " + reminder.text;
            const auto sent = co_await intent::attempt(reminder.request.reply(text));
            if (sent || sent.is<intent::ForbiddenError>() || sent.is<intent::NotFoundError>()) co_return;
            // A post is repeated even if only its answer was lost: better twice than never.
            reminders_.insert(std::move(due));
            co_await client_.sleep_for(retry_delay);
        }
    }

    intent::Client& client_;
    std::map<int, Reminder> reminders_;
    int last_number_ = 0;
    intent::Scope scope_;  // last member: ends the coroutines before the rest is destroyed
};
