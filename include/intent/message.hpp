// A message and its actions.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/test.hpp>
#include <intent/raw/message.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>
#include <intent/user.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

class Channel;
class Message;
class Server;

/// A message (protocol §8). The actions fail with UsageError if the client no longer exists, with ConfigError for an
/// invalid body, and with the errors of the REST call (errors.hpp). Each costs one request in the bucket of its
/// channel's messages; rest.hpp lists the permissions.
class INTENT_API Message : public Structure<raw::Message> {
public:
    using Structure::Structure;

    /// The author, as a User that can act: `message.author_as_user().create_dm()`. `author` itself is plain data. For
    /// the message of a webhook it is no user of the platform.
    User author_as_user() const;

    /// Posts a message in the same channel. A plain-text reply to an encrypted message fails with ConfigError and sends
    /// nothing: the server accepts only ciphertext (protocol §16).
    task<Message> reply(MessageBody body) const;

    /// Posts `question` in the same channel, and returns the first later message there by this message's author, or no
    /// value after `timeout`. See `Client::ask`.
    ///
    /// Errors: as `Client::ask`; UsageError for a message from a separate RestClient, which receives no events.
    task<std::optional<Message>> ask(MessageBody question, std::chrono::milliseconds timeout) const;

    /// The same for the first later message in this channel, by any author, for which `predicate(const Message&)` is
    /// true.
    template <class Predicate>
    task<std::optional<Message>> ask(MessageBody question, Predicate predicate,
                                     std::chrono::milliseconds timeout) const {
        return ask_matching(std::move(question), detail::Test<Message>(std::move(predicate)), timeout);
    }

    /// Returns the message's channel from the cache, or fetches it. Cost: at most 1 request.
    task<Channel> channel() const;

    /// Returns the channel's server from the cache, or fetches it. Cost: at most 2 requests.
    ///
    /// Errors: also UsageError for a direct message, which belongs to no server.
    task<Server> server() const;

    /// Replaces the content of this message; only its author may do this. Embeds cannot be edited (protocol §9).
    task<Message> edit(MessageBody body) const;

    /// Deletes this message.
    task<> remove() const;

    /// True if this bot is the author. Ignore such messages, or the bot replies to itself in a loop. False if the
    /// client is gone or has not been ready yet, and for messages from a separate RestClient, which does not know its
    /// own user.
    bool from_self() const;

    /// True if a webhook posted it; most bots ignore those.
    bool from_webhook() const noexcept { return webhook_id.has_value(); }

private:
    task<std::optional<Message>> ask_matching(MessageBody question, detail::Test<Message> test,
                                              std::chrono::milliseconds timeout) const;
};

}  // namespace intent
