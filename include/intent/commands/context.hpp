// One invocation of a command.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/detail/export.hpp>
#include <intent/message.hpp>
#include <intent/server.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0 {

namespace detail {
struct Invocation;
}

/// One invocation of a command: the message, its author, and how to answer. A handle of one pointer: pass it by value
/// and copy it freely. It stays valid as long as the client.
///
/// Distinct objects: safe. Shared objects: safe.
class INTENT_API Context {
public:
    Context(const Context&) noexcept;
    Context(Context&&) noexcept;
    Context& operator=(const Context&) noexcept;
    Context& operator=(Context&&) noexcept;
    ~Context();

    /// The message that contains the command.
    const Message& message() const noexcept;
    /// The author of the message.
    const User& author() const noexcept;
    /// The client that received it.
    Client& client() const noexcept;
    /// The channel of the message.
    ChannelId channel_id() const noexcept;
    /// The server of the channel; unset (false as a condition) for direct messages.
    ServerId server_id() const noexcept;

    /// The full name of the command, as in its pattern: "tag add". If an alias was written, still the name.
    const std::string& command() const noexcept;
    /// How the command is written, with the prefix in use: "!tag add <name> <text…>".
    std::string usage() const;
    /// The prefix that the message begins with.
    std::string_view prefix() const noexcept;
    /// What follows the name, as it was written.
    std::string_view arguments() const noexcept;

    // Structures, from the cache or fetched. Errors: those of the REST call; `server` and `member` throw CheckFailed
    // for a direct message. Cost: no request if cached, otherwise 1.

    /// The channel of the message.
    task<Channel> channel() const;
    /// The server of the channel.
    task<Server> server() const;
    /// The author as a member of the server.
    task<Member> member() const;

    /// Posts a message in the same channel; see `Message::reply`.
    task<Message> reply(MessageBody body) const;
    /// Posts text of any length in the same channel, as several messages if necessary. They are split at the ends of
    /// lines, otherwise at spaces. Cost: 1 request for each 2,000 code points.
    task<> reply_long(std::string text) const;
    /// Posts a message in another channel.
    task<Message> send(ChannelId channel, MessageBody body) const;

    // Questions to the author, in the same channel. Errors and cost: as `Client::ask`.

    /// Returns the author's next message after the question, or no value after `timeout`.
    task<std::optional<Message>> ask(MessageBody question, std::chrono::milliseconds timeout) const;
    /// Returns the author's answer as a T: any type of a parameter of commands, such as `Range<1, 100>`,
    /// `std::chrono::minutes`, `Member` or `std::vector<int>`. The whole text of the message is read, with spaces; for
    /// a vector, each of its words.
    ///
    ///     const auto age = co_await ctx.ask<Range<1, 150>>("How old are you?", 30s);
    ///
    /// A message that begins with the prefix is a command, not an answer. After an answer that does not fit, the
    /// question is posted again below the reason. No value after `timeout`, which all attempts share, or after
    /// `attempts` (1 or more) answers that do not fit.
    ///
    /// Errors: also those of looking the value up. Cost: 1 request for each attempt, and those of looking it up.
    template <class T>
    task<std::optional<T>> ask(MessageBody question, std::chrono::milliseconds timeout, int attempts = 3) const;
    /// Waits for a yes or a no ("yes", "y", "no", "n", …; other messages are ignored). False after `timeout`.
    task<bool> confirm(MessageBody question, std::chrono::milliseconds timeout) const;
    /// Posts the question with a numbered list of the options, and waits for a number or an option; other messages are
    /// ignored. Returns the position of the option (0 for the first), or no value after `timeout`.
    ///
    /// Errors: ConfigError without options.
    task<std::optional<std::size_t>> choose(std::string question, std::vector<std::string> options,
                                            std::chrono::milliseconds timeout) const;

private:
    friend struct detail::Invocation;
    explicit Context(std::shared_ptr<const detail::Invocation> invocation) noexcept;
    /// Empty if there is no answer.
    task<std::vector<detail::CommandValue>> ask_values(const detail::ParameterType& type, MessageBody question,
                                                       std::chrono::milliseconds timeout, int attempts) const;
    std::shared_ptr<const detail::Invocation> invocation_;
};

}  // namespace intent
