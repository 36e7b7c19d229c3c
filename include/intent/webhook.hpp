// A webhook and its actions.
#pragma once

#include <intent/bodies/webhook.hpp>
#include <intent/client_ref.hpp>
#include <intent/message.hpp>
#include <intent/raw/webhook.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace intent {

/// A webhook of a channel (protocol §8, §12). The actions fail with UsageError if the client no longer exists, with
/// ConfigError for an invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request;
/// rest.hpp lists the permissions and limits.
///
/// Actions on messages need the webhook's token, which servers may show only to its creator; without it they fail with
/// ConfigError. After the server has rejected the token (401) or the webhook (404), they fail without being sent.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Webhook : public raw::Webhook {
public:
    Webhook() = default;
    Webhook(raw::Webhook webhook, ClientRef client) : raw::Webhook(std::move(webhook)), client_(std::move(client)) {}

    /// Posts a message in the webhook's channel. Returns it if the server includes it in the answer, as it does with
    /// `WebhookBody::wait`.
    task<std::optional<Message>> execute(WebhookBody body) const;

    /// Replaces the content of a message of this webhook.
    task<Message> edit_message(MessageId message, MessageBody body) const;

    /// Deletes a message of this webhook.
    task<> remove_message(MessageId message) const;

    /// Changes this webhook, with the bot's token.
    task<Webhook> edit(WebhookEdit changes) const;

    /// Replaces this webhook's token, with the bot's token; the server rejects the old one from then on.
    task<Webhook> regenerate_token() const;

    /// Deletes this webhook, with the bot's token.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

    /// Compares ids. `raw::Webhook` compares every field.
    friend bool operator==(const Webhook& a, const Webhook& b) noexcept { return a.id == b.id; }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::Webhook> {
    std::size_t operator()(const intent::Webhook& value) const noexcept {
        return std::hash<intent::WebhookId>{}(value.id);
    }
};
