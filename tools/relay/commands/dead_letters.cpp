// `intent relay dlq`: lists, shows, retries and drops dead letters.
#include "tools/relay/support/dead_letters.hpp"

#include "relay/wire/token.hpp"
#include "text/display.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/table.hpp"
#include "tools/relay/commands/commands.hpp"

#include <intent/errors.hpp>

#include <fmt/core.h>

namespace tool {

namespace {

constexpr std::size_t shown_error = 60;

std::string checked_application(const DeadLetterFlags& flags) {
    if (flags.application && !intent::relay::is_name(*flags.application))
        throw WrongUsage("--app " + *flags.application + ": a name has " + std::string(intent::relay::name_rule));
    return flags.application.value_or("");
}

/// The payload, or why there is none.
boost::json::value payload_of(const DeadLetterEntry& letter, std::string& problem) {
    try {
        return boost::json::parse(payload_json(letter));
    } catch (const intent::DecodeError& error) {
        problem = error.what();
    } catch (const boost::system::system_error& error) {
        problem = error.what();
    }
    return nullptr;
}

/// Calls `change` for the chosen dead letters, and prints how many it changed.
template <class Change>
int change_chosen(const DeadLetterFlags& flags, std::string_view what, Change change) {
    const auto application = checked_application(flags);
    if (flags.sequences.empty() && !flags.all) throw WrongUsage("name the dead letters by their numbers, or use --all");
    DeadLetters letters(connect_to_broker(flags.broker));
    std::size_t changed = 0;
    int status = done;
    if (flags.all) {
        letters.visit(application, [&](const DeadLetterEntry& letter) {
            changed += change(letters, letter);
            return true;
        });
    }
    for (const auto number : flags.sequences) {
        const auto letter = letters.find(number);
        if (!letter || (!application.empty() && letter->subject.application != application)) {
            print_error(fmt::format("no dead letter {}{}", number, application.empty() ? "" : " of " + application));
            status = failed;
            continue;
        }
        changed += change(letters, *letter);
    }
    return print_line(fmt::format("{} {}", changed, what)) ? status : failed;
}

}  // namespace

int list_dead_letters(const DeadLetterFlags& flags) {
    const auto application = checked_application(flags);
    DeadLetters letters(connect_to_broker(flags.broker));
    std::vector<Row> rows{{"number", "application", "event", "channel", "attempts", "age", "error"}};
    std::uint64_t count = 0;
    bool more = false;
    bool written = true;
    letters.visit(application, [&](const DeadLetterEntry& letter) {
        if (count == flags.limit) {
            more = true;
            return false;
        }
        ++count;
        const auto about = describe(letter);
        if (flags.json) return written = print_json(boost::json::serialize(about));
        std::string error = cell(about.at("error"));
        if (error.size() > shown_error) error = error.substr(0, shown_error) + "...";
        rows.push_back({cell(about.at("number")), cell(about.at("application")), cell(about.at("event")),
                        cell(about.at("channel")), cell(about.at("attempts")), cell(about.at("age_s")) + " s",
                        std::move(error)});
        return true;
    });
    if (!flags.json && count > 0) written = print_table(std::move(rows));
    if (!flags.json && count == 0) written = print_line("no dead letters");
    if (more) print_error(fmt::format("there are more than {}; --limit shows up to 1000", flags.limit));
    return written ? done : failed;
}

int show_dead_letters(const DeadLetterFlags& flags) {
    DeadLetters letters(connect_to_broker(flags.broker));
    int status = done;
    for (const auto number : flags.sequences) {
        const auto letter = letters.find(number);
        if (!letter) {
            print_error(fmt::format("no dead letter {}", number));
            status = failed;
            continue;
        }
        auto about = describe(*letter);
        std::string problem;
        about["data"] = payload_of(*letter, problem);
        if (!problem.empty()) print_error(fmt::format("dead letter {}: {}", number, problem));
        bool written = true;
        if (flags.json) {
            written = print_json(boost::json::serialize(about));
        } else {
            // Active characters are escaped as JSON does it, so that the payload can be copied.
            const std::string data = intent::text::display_json(boost::json::serialize(about.at("data")));
            about.erase("data");
            for (const auto& [name, value] : about)
                written = written && print_line(fmt::format("{:<14} {}", std::string_view(name), cell(value)));
            written = written && print_line(fmt::format("{:<14} {}", "data", data));
        }
        if (!written) return failed;
    }
    return status;
}

int retry_dead_letters(const DeadLetterFlags& flags) {
    return change_chosen(flags, "delivered again",
                         [](DeadLetters& letters, const DeadLetterEntry& letter) { return letters.retry(letter); });
}

int drop_dead_letters(const DeadLetterFlags& flags) {
    return change_chosen(flags, "dropped", [](DeadLetters& letters, const DeadLetterEntry& letter) {
        return letters.drop(letter.stored.sequence);
    });
}

}  // namespace tool
