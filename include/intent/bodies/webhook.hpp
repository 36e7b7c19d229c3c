// Arguments of calls about webhooks.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/detail/body.hpp>
#include <intent/errors.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace raw {
struct NewWebhook;   // complete in <intent/raw/bodies.hpp>
struct WebhookEdit;  // complete in <intent/raw/bodies.hpp>
struct WebhookBody;  // complete in <intent/raw/bodies.hpp>
}

/// A new webhook: name 1-80 code points (protocol §8, §12).
class INTENT_API NewWebhook : public detail::Body<raw::NewWebhook> {
public:
    /// A webhook of this name.
    NewWebhook(std::string name);  // NOLINT(google-explicit-constructor)
    NewWebhook(const char* name);  // NOLINT(google-explicit-constructor)
    /// The picture beside its messages.
    NewWebhook& avatar_url(std::string url);
};

/// Changes to a webhook; unset fields stay unchanged. At least one must be set.
class INTENT_API WebhookEdit : public detail::Body<raw::WebhookEdit> {
public:
    WebhookEdit() = default;
    /// 1-80 code points.
    WebhookEdit& name(std::string text);
    /// `std::nullopt` removes the avatar.
    WebhookEdit& avatar_url(std::optional<std::string> url);
    /// Moves the webhook to another channel of the server.
    WebhookEdit& channel(ChannelId id);
    /// Enables or disables its deliveries. A server disables them after 50 failures in a row (protocol §12).
    WebhookEdit& enabled(bool on);
};

/// The content of a webhook's message, with an optional name and avatar. Text and a MessageBody convert to it:
/// `webhook.execute("hi")`. Limits are checked when it is sent: those of MessageBody, username 1-80 code points.
class INTENT_API WebhookBody : public detail::Body<raw::WebhookBody> {
public:
    WebhookBody() = default;
    /// A text.
    WebhookBody(std::string content);  // NOLINT(google-explicit-constructor)
    WebhookBody(const char* content);  // NOLINT(google-explicit-constructor)
    /// Errors: ConfigError for a body with `delete_after`.
    WebhookBody(const MessageBody& message);  // NOLINT(google-explicit-constructor)

    /// Sets the text.
    WebhookBody& content(std::string text);
    /// Adds an embed.
    WebhookBody& embed(const Embed& embed);
    /// The name to show instead of the webhook's own.
    WebhookBody& username(std::string name);
    /// The picture to show instead of the webhook's own.
    WebhookBody& avatar_url(std::string url);
    /// Requests the posted message in the answer. Without this, most servers answer without a body.
    WebhookBody& wait();
};

}  // namespace intent
