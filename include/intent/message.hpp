// A message, with what can be done to it.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/client_ref.hpp>
#include <intent/detail/answer_test.hpp>
#include <intent/raw/message.hpp>
#include <intent/task.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace intent {

class Channel;
class Message;
class Server;

/// A message (protocol §8). The actions fail with UsageError when the client is gone, with ConfigError when a body is
/// not acceptable, else with what the REST call throws (errors.hpp). Each costs one request in the bucket of its
/// channel's messages.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Message : public raw::Message {
public:
    Message() = default;
    Message(raw::Message message, ClientRef client) : raw::Message(std::move(message)), client_(std::move(client)) {}

    /// Writes a new message into the same channel. To an encrypted message a reply in plain text fails with ConfigError
    /// and sends nothing: the server takes ciphertext only (protocol §16).
    task<Message> reply(MessageBody body) const;

    /// Asks in the same channel, and ends with the first message of this one's author that follows the question there,
    /// or with nothing after `timeout`. See `Client::ask`.
    ///
    /// Errors: as `Client::ask`; UsageError for a message of a RestClient of its own, which receives no events.
    task<std::optional<Message>> ask(MessageBody question, std::chrono::milliseconds timeout) const;

    /// The same, with the first message that follows the question in this channel, whoever wrote it, for which
    /// `predicate(const Message&)` is true.
    template <class Predicate>
    task<std::optional<Message>> ask(MessageBody question, Predicate predicate,
                                     std::chrono::milliseconds timeout) const {
        return ask_matching(std::move(question), detail::AnswerTest(std::move(predicate)), timeout);
    }

    /// The channel that this message is in: from the cache, else by one request.
    task<Channel> channel() const;

    /// The server of that channel: from the caches, else by up to two requests.
    ///
    /// Errors: also UsageError for a direct message, which belongs to no server.
    task<Server> server() const;

    /// Replaces this message's content; only its author may. Embeds cannot be edited (protocol §9).
    task<Message> edit(MessageBody body) const;

    /// Deletes this message.
    task<> remove() const;

    /// True if the bot that this came from wrote it itself: one that answers those talks to itself for ever. False when
    /// the client is gone or has not been ready yet, and for messages of a RestClient of its own, which knows no self.
    bool from_self() const;

    /// True if a webhook wrote it: bots mostly ignore those.
    bool from_webhook() const noexcept { return webhook_id.has_value(); }

    const ClientRef& client() const noexcept { return client_; }

    /// The same message: ids are compared. `raw::Message` compares every field.
    friend bool operator==(const Message& a, const Message& b) noexcept { return a.id == b.id; }

private:
    task<std::optional<Message>> ask_matching(MessageBody question, detail::AnswerTest test,
                                              std::chrono::milliseconds timeout) const;

    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Message> {
    std::size_t operator()(const intent::Message& value) const noexcept {
        return std::hash<intent::MessageId>{}(value.id);
    }
};
