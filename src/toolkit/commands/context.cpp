#include "toolkit/commands/command_set.hpp"
#include "toolkit/commands/invocation.hpp"
#include "toolkit/commands/run.hpp"
#include "toolkit/core/replies.hpp"
#include "toolkit/core/words.hpp"

#include <intent/commands/errors.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/limits.hpp>
#include <intent/raw/bodies.hpp>
#include <intent/text.hpp>

#include <utility>

namespace intent::inline v0 {

// Compiled once here: the coroutine of each command makes and destroys several copies.
Context::Context(std::shared_ptr<const detail::Invocation> invocation) noexcept : invocation_(std::move(invocation)) {}
Context::Context(const Context&) noexcept = default;
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(const Context&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

const Message& Context::message() const noexcept { return invocation_->message; }
const User& Context::author() const noexcept { return invocation_->author; }
Client& Context::client() const noexcept { return invocation_->set->client(); }
ChannelId Context::channel_id() const noexcept { return invocation_->message.channel_id; }
ServerId Context::server_id() const noexcept { return invocation_->server; }
const std::string& Context::command() const noexcept { return invocation_->command; }
std::string Context::usage() const { return invocation_->prefix + invocation_->usage; }
std::string_view Context::prefix() const noexcept { return invocation_->prefix; }
std::string_view Context::arguments() const noexcept {
    const auto line = invocation_->line();
    return line.substr(0, toolkit::trimmed_end(line))
        .substr(std::min(invocation_->arguments, toolkit::trimmed_end(line)));
}

namespace {

ServerId needed_server(const Context& context) {
    if (!context.server_id()) throw CheckFailed("This command can only be used in a server.");
    return context.server_id();
}

task<> post_all(Context context, std::string text) {
    for (auto& part : split_text(text)) {
        auto posting = context.reply(std::move(part));
        co_await std::move(posting);
    }
}

task<Server> server_of(Context context) {
    auto looking = context.client().server(needed_server(context));
    co_return co_await std::move(looking);
}

task<Member> member_of(Context context) {
    auto looking = context.client().member(needed_server(context), context.author().id);
    co_return co_await std::move(looking);
}

/// Yes, no, or neither.
std::optional<bool> read_answer(const std::string& text) {
    detail::CommandValue value;
    if (!detail::read_bool({}, text.substr(0, toolkit::trimmed_end(text)), value)) return std::nullopt;
    return value.integer != 0;
}

task<bool> ask_for_yes(Context context, MessageBody question, std::chrono::milliseconds timeout) {
    const UserId author = context.author().id;
    const auto is_answer = [author](const Message& message) {
        return message.author.id == author && read_answer(message.content).has_value();
    };
    auto asking = context.message().ask(std::move(question), is_answer, timeout);
    const std::optional<Message> answer = co_await std::move(asking);
    co_return answer&& read_answer(answer->content).value_or(false);
}

std::optional<std::size_t> read_choice(const std::vector<std::string>& options, const std::string& text) {
    const std::string answer = text.substr(0, toolkit::trimmed_end(text));
    for (std::size_t i = 0; i < options.size(); ++i)
        if (answer == std::to_string(i + 1) || detail::same_choice(options[i], answer)) return i;
    return std::nullopt;
}

task<std::optional<std::size_t>> ask_for_choice(Context context, std::string question, std::vector<std::string> options,
                                                std::chrono::milliseconds timeout) {
    if (options.empty()) throw ConfigError("choose: there are no options");
    for (std::size_t i = 0; i < options.size(); ++i)
        question.append("\n").append(std::to_string(i + 1)).append(". ").append(options[i]);
    const UserId author = context.author().id;
    const auto is_answer = [author, options](const Message& message) {
        return message.author.id == author && read_choice(options, message.content).has_value();
    };
    auto asking = context.message().ask(std::move(question), is_answer, timeout);
    const std::optional<Message> answer = co_await std::move(asking);
    if (!answer) co_return std::nullopt;
    co_return read_choice(options, answer->content);
}

/// The values of an answer, or why it is refused.
struct ReadAnswer {
    std::vector<detail::CommandValue> values = {};
    std::optional<std::string> refusal = {};
};

task<ReadAnswer> read_values(Context context, const detail::ParameterType* type, std::string text) {
    std::vector<std::string> parts;
    if (type->form == detail::ParameterType::Form::many) {
        for (auto& word : toolkit::split_words(text))
            parts.push_back(std::move(word.text));
    } else {
        const std::string_view whole = std::string_view(text).substr(0, toolkit::trimmed_end(text));
        parts.emplace_back(whole.substr(std::min(whole.find_first_not_of(" \t\r\n"), whole.size())));
    }
    ReadAnswer answer;
    for (auto& part : parts) {
        auto converting = toolkit::convert(context, type, std::move(part));
        toolkit::Converted converted = co_await std::move(converting);
        if (converted.refusal) {
            answer.refusal = std::move(converted.refusal);
            break;
        }
        answer.values.push_back(std::move(converted.value));
    }
    co_return answer;
}

/// The question again, below the reason, if both fit in a message; otherwise the reason alone.
MessageBody with_reason(MessageBody question, std::string_view refusal) {
    std::string reason = toolkit::quoted_text(refusal, 300) + ".";
    if (reason[0] >= 'a' && reason[0] <= 'z') reason[0] = static_cast<char>(reason[0] - 'a' + 'A');
    const std::string whole = reason + "\n" + question.get().content.value_or("");
    const bool fits = text_length(whole) <= limits::message_length;
    question.content(fits ? whole : reason);
    return question;
}

task<std::vector<detail::CommandValue>> ask_for_values(Context context, const detail::ParameterType* type,
                                                       MessageBody question, std::chrono::milliseconds timeout,
                                                       int attempts) {
    if (attempts < 1) throw ConfigError("ask: attempts: " + std::to_string(attempts) + "; expected at least 1");
    const Clock clock = context.client().clock();
    const auto begin = clock.now();
    const auto is_answer = [author = context.author().id,
                            prefix = std::string(context.prefix())](const Message& message) {
        return message.author.id == author && (prefix.empty() || !message.content.starts_with(prefix));
    };
    auto left = timeout;
    MessageBody asked = question;
    for (;;) {
        auto asking = context.message().ask(std::move(asked), is_answer, left);
        const std::optional<Message> answer = co_await std::move(asking);
        if (!answer) break;
        auto reading = read_values(context, type, answer->content);
        ReadAnswer read = co_await std::move(reading);
        if (!read.refusal) co_return std::move(read.values);
        left = timeout - std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - begin);
        if (--attempts == 0 || left.count() <= 0) break;
        asked = with_reason(question, *read.refusal);
    }
    co_return std::vector<detail::CommandValue>();
}

}  // namespace

task<Channel> Context::channel() const { return client().channel(channel_id()); }
task<Server> Context::server() const { return server_of(*this); }
task<Member> Context::member() const { return member_of(*this); }
task<Message> Context::reply(MessageBody body) const { return message().reply(std::move(body)); }
task<> Context::reply_long(std::string text) const { return post_all(*this, std::move(text)); }
task<Message> Context::send(ChannelId channel, MessageBody body) const {
    return client().rest().create_message(channel, std::move(body));
}
task<std::optional<Message>> Context::ask(MessageBody question, std::chrono::milliseconds timeout) const {
    return message().ask(std::move(question), timeout);
}
task<std::vector<detail::CommandValue>> Context::ask_values(const detail::ParameterType& type, MessageBody question,
                                                            std::chrono::milliseconds timeout, int attempts) const {
    return ask_for_values(*this, &type, std::move(question), timeout, attempts);
}
task<bool> Context::confirm(MessageBody question, std::chrono::milliseconds timeout) const {
    return ask_for_yes(*this, std::move(question), timeout);
}
task<std::optional<std::size_t>> Context::choose(std::string question, std::vector<std::string> options,
                                                 std::chrono::milliseconds timeout) const {
    return ask_for_choice(*this, std::move(question), std::move(options), timeout);
}

}  // namespace intent
