// A webhook and its actions.
#pragma once

#include <intent/bodies/webhook.hpp>
#include <intent/detail/export.hpp>
#include <intent/message.hpp>
#include <intent/raw/webhook.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>

#include <optional>

namespace intent::inline v0 {

/// A webhook of a channel (protocol §8, §12). The actions fail with UsageError if the client no longer exists, with
/// ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request;
/// rest.hpp lists the permissions and limits.
///
/// `Client::webhook` and `RestClient::webhook` make one from its id and token, without a request. Then only these two
/// fields are set; `fetch` returns the others.
///
/// Actions on messages need the webhook's token, which servers may show only to its creator; without it they fail with
/// ConfigError. After the server has rejected the token (401) or the webhook (404), they fail without being sent.
class INTENT_API Webhook : public Structure<raw::Webhook> {
public:
    using Structure::Structure;

    /// Posts a message in the webhook's channel. Returns it if the server includes it in the answer, as it does with
    /// `WebhookBody::wait`.
    task<std::optional<Message>> execute(WebhookBody body) const;

    /// Returns a message of this webhook.
    task<Message> message(MessageId message) const;

    /// Replaces the content of a message of this webhook.
    task<Message> edit_message(MessageId message, MessageBody body) const;

    /// Deletes a message of this webhook.
    task<> remove_message(MessageId message) const;

    /// Fetches this webhook again, with its own token, or with the bot's if the token is not known.
    task<Webhook> fetch() const;

    /// Changes this webhook, with the bot's token.
    task<Webhook> edit(WebhookEdit changes) const;

    /// Replaces this webhook's token, with the bot's token; the server rejects the old one from then on.
    task<Webhook> regenerate_token() const;

    /// Deletes this webhook, with the bot's token.
    task<> remove() const;
};

}  // namespace intent
