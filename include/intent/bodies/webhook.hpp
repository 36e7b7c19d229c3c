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

/// The fields of a NewWebhook.
struct NewWebhook {
    std::string name;                            ///< 1-80 code points
    std::optional<std::string> avatar_url = {};  ///< shown beside its messages
};

/// The fields of a WebhookEdit.
struct WebhookEdit {
    std::optional<std::string> name = {};                       ///< 1-80 code points
    std::optional<std::optional<std::string>> avatar_url = {};  ///< set to no value: removed
    std::optional<ChannelId> channel_id = {};                   ///< where it posts
    std::optional<bool> enabled = {};                           ///< whether it delivers
};

/// The fields of a WebhookBody.
struct WebhookBody : MessageBody {
    std::optional<std::string> username = {};    ///< shown instead of the webhook's name
    std::optional<std::string> avatar_url = {};  ///< shown instead of the webhook's avatar
    bool wait = false;                           ///< in the query, not in the body
};

}  // namespace raw

/// A new webhook: name 1-80 code points (protocol §8, §12).
class NewWebhook : public detail::Body<raw::NewWebhook> {
public:
    /// A webhook of this name.
    NewWebhook(std::string name) : Body({std::move(name)}) {}  // NOLINT(google-explicit-constructor)
    NewWebhook(const char* name) : Body({name}) {}             // NOLINT(google-explicit-constructor)
    /// The picture beside its messages.
    NewWebhook& avatar_url(std::string url) { return raw_.avatar_url = std::move(url), *this; }
};

/// Changes to a webhook; unset fields stay unchanged. At least one must be set.
class WebhookEdit : public detail::Body<raw::WebhookEdit> {
public:
    WebhookEdit() = default;
    /// 1-80 code points.
    WebhookEdit& name(std::string text) { return raw_.name = std::move(text), *this; }
    /// `std::nullopt` removes the avatar.
    WebhookEdit& avatar_url(std::optional<std::string> url) { return raw_.avatar_url.emplace(std::move(url)), *this; }
    /// Moves the webhook to another channel of the server.
    WebhookEdit& channel(ChannelId id) { return raw_.channel_id = id, *this; }
    /// Enables or disables its deliveries. A server disables them after 50 failures in a row (protocol §12).
    WebhookEdit& enabled(bool on) { return raw_.enabled = on, *this; }
};

/// The content of a webhook's message, with an optional name and avatar. Text and a MessageBody convert to it:
/// `webhook.execute("hi")`. Limits are checked when it is sent: those of MessageBody, username 1-80 code points.
class WebhookBody : public detail::Body<raw::WebhookBody> {
public:
    WebhookBody() = default;
    /// A text.
    WebhookBody(std::string content) { raw_.content = std::move(content); }  // NOLINT(google-explicit-constructor)
    WebhookBody(const char* content) { raw_.content = content; }             // NOLINT(google-explicit-constructor)
    /// Errors: ConfigError for a body with `delete_after`.
    WebhookBody(const MessageBody& message)  // NOLINT(google-explicit-constructor)
        : Body({message.get(), {}, {}, false}) {
        if (message.delete_after()) throw ConfigError("delete_after: not available for the messages of a webhook");
    }

    /// Sets the text.
    WebhookBody& content(std::string text) { return raw_.content = std::move(text), *this; }
    /// Adds an embed.
    WebhookBody& embed(const Embed& embed) { return raw_.embeds.push_back(embed.get()), *this; }
    /// The name to show instead of the webhook's own.
    WebhookBody& username(std::string name) { return raw_.username = std::move(name), *this; }
    /// The picture to show instead of the webhook's own.
    WebhookBody& avatar_url(std::string url) { return raw_.avatar_url = std::move(url), *this; }
    /// Requests the posted message in the answer. Without this, most servers answer without a body.
    WebhookBody& wait() { return raw_.wait = true, *this; }
};

}  // namespace intent
