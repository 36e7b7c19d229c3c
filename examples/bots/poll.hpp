// Polls: `!poll 2m "Tea or coffee?" tea coffee` asks, members vote with the number of an option, and after two minutes
// the bot posts the result. The last vote of each member counts. The author ends the poll earlier with `end`.
#pragma once

#include <intent/collector.hpp>
#include <intent/commands.hpp>
#include <intent/intent.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// Parses text that consists only of the number of an option, from 1 to `options`. Returns its position, from 0.
inline std::optional<std::size_t> parse_vote(std::string_view text, std::size_t options) {
    std::size_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < 1 || number > options) return std::nullopt;
    return number - 1;
}

/// The options by number, with their votes, and which has won.
inline std::string poll_result(const std::vector<std::string>& options, const std::vector<int>& votes) {
    std::string text;
    for (std::size_t i = 0; i < options.size(); ++i)
        text += "\n" + std::to_string(i + 1) + ". " + options[i] + ": " + std::to_string(votes[i]) +
                (votes[i] == 1 ? " vote" : " votes");
    const auto most = std::ranges::max_element(votes);
    if (*most == 0) return text + "\nNobody has voted.";
    if (std::ranges::count(votes, *most) > 1) return text + "\nIt is a tie.";
    return text + "\nThe winner is: " + options[static_cast<std::size_t>(most - votes.begin())];
}

class Poll {
public:
    explicit Poll(intent::Client& client) : commands_(client, "!") {
        commands_.add("poll <time> <question> <options>", "Asks the members of this channel.", &Poll::poll, this)
            .details("Example: !poll 2m \"Tea or coffee?\" tea coffee \"something else\"")
            .max_concurrency(1, intent::Per::channel);
    }

private:
    static constexpr std::size_t max_options = 10;
    static constexpr std::chrono::hours max_time{24};

    intent::task<> poll(intent::Context ctx, std::chrono::seconds time, std::string question,
                        std::vector<std::string> options) {
        using namespace std::chrono_literals;
        if (time < 10s || time > max_time) throw intent::BadArgument("a poll takes from 10s to 24h").at("time");
        if (options.size() < 2 || options.size() > max_options)
            throw intent::BadArgument("a poll has 2 to 10 options").at("options");

        std::string text = question;
        for (std::size_t i = 0; i < options.size(); ++i)
            text += "\n" + std::to_string(i + 1) + ". " + options[i];
        text += "\nWrite a number to vote. The poll ends in " + intent::format_duration(time) + ".";

        const auto is_vote = [&options](const intent::MessageCreate& event) {
            return parse_vote(event.message.content, options.size()).has_value();
        };
        const auto is_end = [author = ctx.author().id](const intent::MessageCreate& event) {
            return event.message.author.id == author && event.message.content == "end";
        };
        intent::Collector<intent::MessageCreate> votes(
            ctx.client(), is_vote, intent::CollectorOptions{}.in(ctx.channel_id()).time(time).until(is_end));
        co_await ctx.reply_long(text);
        std::map<intent::UserId, std::size_t> choices;
        while (const auto vote = co_await votes.next())
            choices[vote->message.author.id] = *parse_vote(vote->message.content, options.size());

        std::vector<int> counts(options.size());
        for (const auto& [member, choice] : choices)
            ++counts[choice];
        co_await ctx.reply_long(question + poll_result(options, counts));
    }

    intent::Commands commands_;
};
