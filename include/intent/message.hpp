// A message, with what can be done to it.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/client_ref.hpp>
#include <intent/raw/message.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

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
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Message> {
    std::size_t operator()(const intent::Message& value) const noexcept {
        return std::hash<intent::MessageId>{}(value.id);
    }
};
