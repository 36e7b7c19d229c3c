// A webhook, with what can be done with it.
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

/// A webhook of a channel (protocol §8, §12). The actions fail with UsageError when the client is gone, with
/// ConfigError when an argument is not acceptable, else with what the REST call throws (errors.hpp). Each costs one
/// request.
///
/// Those about messages need the webhook's token, which servers may show to its maker only; without it they fail with
/// ConfigError. Once the server has refused the token (401), or the webhook (404), they fail without being sent.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Webhook : public raw::Webhook {
public:
    Webhook() = default;
    Webhook(raw::Webhook webhook, ClientRef client) : raw::Webhook(std::move(webhook)), client_(std::move(client)) {}

    /// Writes a message into the webhook's channel. The message comes back if the server answers with it, as it does
    /// when asked by `WebhookBody::wait`.
    task<std::optional<Message>> execute(WebhookBody body) const;

    /// Replaces what a message of this webhook says.
    task<Message> edit_message(MessageId message, MessageBody body) const;

    /// Deletes a message of this webhook.
    task<> remove_message(MessageId message) const;

    /// Changes this webhook, by the bot's token.
    task<Webhook> edit(WebhookEdit changes) const;

    /// Gives this webhook another token, by the bot's; the old one is refused from then on.
    task<Webhook> regenerate_token() const;

    /// Deletes this webhook, by the bot's token.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

    /// The same webhook: ids are compared. `raw::Webhook` compares every field.
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
