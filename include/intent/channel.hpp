// A channel and its actions.
#pragma once

#include <intent/bodies/invite.hpp>
#include <intent/bodies/message.hpp>
#include <intent/bodies/server.hpp>
#include <intent/bodies/webhook.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/test.hpp>
#include <intent/history.hpp>
#include <intent/id_list.hpp>
#include <intent/invite.hpp>
#include <intent/message.hpp>
#include <intent/raw/channel.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>
#include <intent/typing.hpp>
#include <intent/webhook.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// A channel of a server, or a channel of direct messages (protocol §8). The actions fail with UsageError if the client
/// no longer exists, with ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each
/// costs one request; rest.hpp lists the permissions and buckets.
class INTENT_API Channel : public Structure<raw::Channel> {
public:
    using Structure::Structure;

    /// True for direct messages: they belong to no server and are encrypted end to end (protocol §16).
    bool is_direct() const noexcept { return intent::is_direct(type); }

    /// Posts a message. In an encrypted channel, text fails with ConfigError: encrypt it and send
    /// `MessageBody::mls_ciphertext`.
    task<Message> send(MessageBody body) const;

    /// Shows the bot as typing for 10 s, or until it posts a message.
    task<> trigger_typing() const;

    /// Shows the bot as typing as long as the returned object exists.
    ///
    /// Errors: UsageError if the client no longer exists. Cost: 1 request per 8 s.
    Typing typing() const;

    /// Returns one page of messages, newest first. For more than 100, use `history`.
    task<std::vector<Message>> messages(PageOptions page = {}) const;

    /// Reads the messages of this channel page by page. Cost: none before the first `next`; then see History.
    History history() const { return History(id, client_); }

    /// Deletes the messages of `history`, which must be one of this channel:
    /// `channel.purge(channel.history().limit(50))`. Up to 100 at a time are deleted in one request; if the server
    /// refuses or lacks that request, fewer at a time or one by one. Messages that it does not allow the bot to delete,
    /// or that are gone, are counted and skipped.
    ///
    /// Errors: ConfigError for the history of another channel; those of `History::next`; UnauthorizedError,
    /// RateLimitError, ServerError and NetworkError of a deletion. After an error, the messages deleted so far stay
    /// deleted. Needs: MANAGE_MESSAGES for messages of others. Cost: that of the history, and 1 request for every 100
    /// messages; one by one, 1 request for each, in the 5 per 5 s of the channel's messages, so 500 take 500 s.
    task<PurgeReport> purge(History history) const;

    /// The same for the messages for which `predicate(const Message&)` is true. The predicate runs where the awaiting
    /// coroutine runs; `Client::wait_for` describes what it may capture inside `co_await`.
    ///
    /// Errors: also what the predicate throws.
    template <class Predicate>
    task<PurgeReport> purge(History history, Predicate predicate) const {
        return purge_matching(std::move(history), detail::Test<Message>(std::move(predicate)), std::nullopt);
    }

    /// The same, but reads only until the predicate has selected `max` messages:
    /// `channel.purge(channel.history().limit(1000), is_by_bob, 5)` deletes bob's newest 5 of the last 1,000. Selected
    /// messages that cannot be deleted count.
    ///
    /// Cost: no page is read after the one with the last selected message; 0: no request at all.
    template <class Predicate>
    task<PurgeReport> purge(History history, Predicate predicate, std::size_t max) const {
        return purge_matching(std::move(history), detail::Test<Message>(std::move(predicate)), max);
    }

    /// Changes this channel and returns the result.
    task<Channel> edit(ChannelEdit changes) const;

    /// Deletes 1 to 100 messages of this channel in one request.
    task<> remove_messages(IdList<MessageId> ids) const;

    /// Returns the webhooks of this channel.
    task<std::vector<Webhook>> webhooks() const;
    /// Creates a webhook that posts in this channel.
    task<Webhook> create_webhook(NewWebhook webhook) const;

    /// Creates an invite to this channel; `NewInvite::channel` must not be set.
    task<Invite> create_invite(NewInvite invite = {}) const;

    /// Adds a user to a group of direct messages, or removes one. The caller's MLS Commit must follow (protocol §16).
    task<> add_recipient(UserId user) const;
    /// Removes a user from a group of direct messages. The caller's MLS Commit must follow (protocol §16).
    task<> remove_recipient(UserId user) const;

    /// Deletes this channel.
    task<> remove() const;

private:
    task<PurgeReport> purge_matching(History history, detail::Test<Message> test, std::optional<std::size_t> max) const;
};

}  // namespace intent
