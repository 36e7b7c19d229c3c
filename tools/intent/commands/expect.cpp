// `intent expect`: sends a message as a person and waits for a bot's answer.
#include "net/clock.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/journal.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/sandbox_state.hpp"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>

namespace tool {

namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

struct ExpectFlags {
    SandboxAddress address = {};
    std::optional<std::string> send = {};
    std::string want = {};
    std::string within = "5s";
    std::string channel = {};
    std::string user = {};
    std::optional<std::string> from = {};
    std::optional<std::string> advance = {};
};

/// A regular expression that matches in linear time, so that no pattern makes the tool miss its deadline.
class Pattern {
public:
    /// Errors: WrongUsage.
    explicit Pattern(const std::string& text) : regex_(text, RE2::Quiet) {
        if (!regex_.ok()) throw WrongUsage("--want " + text + ": not a regular expression (RE2): " + regex_.error());
    }
    bool is_in(const std::string& text) const { return RE2::PartialMatch(text, regex_); }

private:
    RE2 regex_;
};

/// The visible texts of a message: its content and the texts of its embeds.
std::vector<std::string> texts_of(const json::value& message) {
    std::vector<std::string> texts{text_at(message, "content")};
    for (const auto& embed : list_at(message, "embeds")) {
        for (const char* part : {"title", "description"})
            texts.push_back(text_at(embed, part));
        for (const auto& field : list_at(embed, "fields"))
            texts.push_back(text_at(field, "name") + ": " + text_at(field, "value"));
    }
    std::erase(texts, "");
    return texts;
}

class Conversation {
public:
    Conversation(const ExpectFlags& flags, Control& control)
        : flags_(flags), want_(flags.want), control_(control), state_(control), journal_(control, "request") {
        const json::value& speaker = flags.user.empty() ? state_.first_user(false) : state_.user("--as", flags.user);
        const auto place = flags.channel.empty() ? state_.first_channel(0) : state_.channel("--channel", flags.channel);
        messages_ = "/as/" + percent_encoded(text_at(speaker, "username")) + "/channels/" +
                    text_at(*place.channel, "id") + "/messages";
        if (flags.from) from_ = text_at(state_.user("--from", *flags.from), "id");
    }

    /// Waits for a matching message and prints it. False at the deadline. `advance`: of the sandbox's clock, once the
    /// message is sent.
    bool run(milliseconds time, std::optional<milliseconds> advance) {
        // Read the position before sending, so that no answer precedes it.
        journal_.skip_to_end();
        after_ = flags_.send ? send(*flags_.send) : newest();
        if (advance) control_.post("/clock", json::object{{"advance_ms", advance->count()}});
        const auto deadline = intent::net::now() + time;
        for (;;) {
            if (const auto* found = match(read())) return print_json(json::serialize(*found));
            const auto left = std::chrono::ceil<milliseconds>(deadline - intent::net::now());
            if (left.count() <= 0) return false;
            // Check after every new request. Control requests, which can also write messages, are not in the journal.
            journal_.next(std::min(left, milliseconds(500)));
        }
    }

    void print_transcript() const {
        if (received_.empty()) print_error("no messages since then");
        for (const auto& message : received_) {
            std::string text;
            for (const auto& part : texts_of(message))
                text += (text.empty() ? "" : " | ") + part;
            print_error(text_at(at(message, "author"), "username") + ": " + text);
        }
    }

private:
    std::string send(const std::string& text) {
        return text_at(control_.post(messages_, json::object{{"content", text}}), "id");
    }

    std::string newest() {
        const auto list = listed("?limit=1");
        return list.empty() ? "0" : text_at(list.front(), "id");
    }

    json::array listed(const std::string& query) {
        const auto answer = control_.get(messages_ + query);
        return answer.is_array() ? answer.get_array() : list_at(answer, "messages");
    }

    /// The messages after `after_`, oldest first. A page has the oldest ones after its id, but is ordered newest first.
    const json::array& read() {
        received_.clear();
        for (std::string after = after_;;) {
            auto page = listed("?limit=100&after=" + after);
            received_.insert(received_.end(), page.rbegin(), page.rend());
            if (page.size() < 100) return received_;
            after = text_at(page.front(), "id");
        }
    }

    const json::value* match(const json::array& messages) const {
        for (const auto& message : messages) {
            const std::string author = text_at(at(message, "author"), "id");
            if (from_ ? author != *from_ : !state_.is_bot(author)) continue;
            for (const auto& text : texts_of(message))
                if (want_.is_in(text)) return &message;
        }
        return nullptr;
    }

    const ExpectFlags& flags_;
    Pattern want_;
    Control& control_;
    SandboxState state_;
    Journal journal_;
    std::string messages_;
    std::string after_;
    std::optional<std::string> from_;
    json::array received_;
};

int expect(const ExpectFlags& flags) {
    const auto time = duration_of("--within", flags.within);
    std::optional<milliseconds> advance;
    if (flags.advance) advance = duration_of("--advance", *flags.advance);
    const Pattern checked(flags.want);  // validate it before the first request
    Control control(flags.address);
    Conversation conversation(flags, control);
    if (conversation.run(time, advance)) return done;
    print_error(fmt::format("unmet: no message of a bot matched {} within {}", flags.want, flags.within));
    conversation.print_transcript();
    return unmet;
}

}  // namespace

Command add_expect(CLI::App& tool) {
    auto* command = tool.add_subcommand("expect", "Send a message in a running sandbox and wait for a bot's answer");
    const auto flags = std::make_shared<ExpectFlags>();
    command->add_option("--send", flags->send, "The message to send; without it, only wait")->type_name("TEXT");
    command->add_option("--want", flags->want, "Regular expression to match anywhere in a bot's message")
        ->type_name("REGEX")
        ->required();
    command->add_option("--within", flags->within, "How long to wait, e.g. 500ms, 5s, 1m")
        ->type_name("TIME")
        ->capture_default_str();
    command->add_option("--advance", flags->advance, "Then advance the sandbox's clock, e.g. 30s, 2h")
        ->type_name("TIME");
    command->add_option("--channel", flags->channel, "Channel, by name or id (default: the first text channel)")
        ->type_name("CHANNEL");
    command->add_option("--as", flags->user, "User who sends the message (default: the first person)")
        ->type_name("USER");
    command->add_option("--from", flags->from, "Only messages of this user count (default: any bot)")
        ->type_name("USER");
    add_address_flag(*command, flags->address);
    return {command, [flags] { return expect(*flags); }};
}

}  // namespace tool
