#include "toolkit/commands/command_set.hpp"
#include "toolkit/commands/invocation.hpp"
#include "toolkit/core/replies.hpp"

#include <intent/commands/errors.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/text.hpp>

#include <utility>

namespace intent {

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
task<bool> Context::confirm(MessageBody question, std::chrono::milliseconds timeout) const {
    return ask_for_yes(*this, std::move(question), timeout);
}
task<std::optional<std::size_t>> Context::choose(std::string question, std::vector<std::string> options,
                                                 std::chrono::milliseconds timeout) const {
    return ask_for_choice(*this, std::move(question), std::move(options), timeout);
}

}  // namespace intent
