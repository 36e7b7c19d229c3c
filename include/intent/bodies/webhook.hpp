// Arguments of calls about webhooks.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

/// A new webhook: name 1-80 code points (protocol §8, §12).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewWebhook {
public:
    NewWebhook(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
    NewWebhook(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
    NewWebhook& avatar_url(std::string url) & { return avatar_url_ = std::move(url), *this; }
    NewWebhook&& avatar_url(std::string url) && { return std::move(avatar_url(std::move(url))); }

    const std::string& name() const noexcept { return name_; }
    const std::optional<std::string>& avatar_url() const noexcept { return avatar_url_; }

private:
    std::string name_;
    std::optional<std::string> avatar_url_ = {};
};

/// Changes to a webhook; unset fields stay unchanged. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class WebhookEdit {
public:
    WebhookEdit() = default;
    /// 1-80 code points.
    WebhookEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    WebhookEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    WebhookEdit& avatar_url(std::string url) & { return avatar_url_ = std::move(url), removes_avatar_ = false, *this; }
    WebhookEdit&& avatar_url(std::string url) && { return std::move(avatar_url(std::move(url))); }
    /// Removes the avatar.
    WebhookEdit& no_avatar() & { return avatar_url_.reset(), removes_avatar_ = true, *this; }
    WebhookEdit&& no_avatar() && { return std::move(no_avatar()); }
    /// Moves the webhook to another channel of the server.
    WebhookEdit& channel(ChannelId id) & { return channel_ = id, *this; }
    WebhookEdit&& channel(ChannelId id) && { return std::move(channel(id)); }
    /// Enables or disables its deliveries. A server disables them after 50 failures in a row (protocol §12).
    WebhookEdit& enabled(bool on) & { return enabled_ = on, *this; }
    WebhookEdit&& enabled(bool on) && { return std::move(enabled(on)); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    const std::optional<std::string>& avatar_url() const noexcept { return avatar_url_; }
    bool removes_avatar() const noexcept { return removes_avatar_; }
    std::optional<ChannelId> channel() const noexcept { return channel_; }
    std::optional<bool> enabled() const noexcept { return enabled_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<std::string> avatar_url_ = {};
    bool removes_avatar_ = false;
    std::optional<ChannelId> channel_ = {};
    std::optional<bool> enabled_ = {};
};

/// The content of a webhook's message, with an optional name and avatar. Text and a MessageBody convert to it:
/// `webhook.execute("hi")`. Limits are checked when it is sent: those of MessageBody, username 1-80 code points.
///
/// Distinct objects: safe. Shared objects: unsafe.
class WebhookBody {
public:
    WebhookBody() = default;
    WebhookBody(std::string content) : message_(std::move(content)) {}  // NOLINT(google-explicit-constructor)
    WebhookBody(const char* content) : message_(content) {}             // NOLINT(google-explicit-constructor)
    WebhookBody(MessageBody message) : message_(std::move(message)) {}  // NOLINT(google-explicit-constructor)

    WebhookBody& content(std::string text) & { return message_.content(std::move(text)), *this; }
    WebhookBody&& content(std::string text) && { return std::move(content(std::move(text))); }
    WebhookBody& embed(Embed one) & { return message_.embed(std::move(one)), *this; }
    WebhookBody&& embed(Embed one) && { return std::move(embed(std::move(one))); }
    /// The name to show instead of the webhook's own.
    WebhookBody& username(std::string name) & { return username_ = std::move(name), *this; }
    WebhookBody&& username(std::string name) && { return std::move(username(std::move(name))); }
    WebhookBody& avatar_url(std::string url) & { return avatar_url_ = std::move(url), *this; }
    WebhookBody&& avatar_url(std::string url) && { return std::move(avatar_url(std::move(url))); }
    /// Requests the posted message in the answer. Without this, most servers answer without a body.
    WebhookBody& wait() & { return wait_ = true, *this; }
    WebhookBody&& wait() && { return std::move(wait()); }

    const MessageBody& message() const noexcept { return message_; }
    const std::optional<std::string>& username() const noexcept { return username_; }
    const std::optional<std::string>& avatar_url() const noexcept { return avatar_url_; }
    bool waits() const noexcept { return wait_; }

private:
    MessageBody message_ = {};
    std::optional<std::string> username_ = {};
    std::optional<std::string> avatar_url_ = {};
    bool wait_ = false;
};

}  // namespace intent
