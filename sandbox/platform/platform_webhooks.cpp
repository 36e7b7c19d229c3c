// The platform's webhooks (protocol §12).
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_webhooks = 15;

void check_avatar(const std::optional<std::string>& url) {
    if (url) check_length("avatar_url", *url, 1, 2048);
}

}  // namespace

raw::Webhook Platform::require_webhook(WebhookId id) {
    auto webhook = store_.webhook(id);
    if (!webhook) throw not_found("webhook " + id.str());
    return std::move(*webhook);
}

std::vector<raw::Webhook> Platform::webhooks(UserId actor, ChannelId id) {
    require_channel(actor, id, {Permission::manage_webhooks});
    return store_.webhooks_of(id);
}

std::vector<raw::Webhook> Platform::webhooks(UserId actor, ServerId id) {
    require(actor, id, Permission::manage_webhooks);
    return store_.webhooks_of(id);
}

void Platform::check_webhook_room(const raw::Channel& channel) {
    if (store_.webhooks_of(channel.id).size() >= max_webhooks)
        throw Problem(400, "TOO_MANY_WEBHOOKS", "#" + channel.name + " has 15 webhooks, the maximum");
}

raw::Webhook Platform::create_webhook(UserId actor, ChannelId id, WebhookFields fields, Timestamp now) {
    const raw::Channel channel = require_text_channel(actor, id, {Permission::manage_webhooks});
    const std::string name = std::move(fields.name).value_or("");
    check_length("name", name, 1, 80);
    const auto avatar = std::move(fields.avatar_url).value_or(std::nullopt);
    check_avatar(avatar);
    check_webhook_room(channel);
    raw::Webhook webhook{.id = WebhookId{ids_.next(now)},
                         .channel_id = id,
                         .server_id = channel.server_id,
                         .creator_id = actor,
                         .name = name,
                         .avatar_url = avatar,
                         .token = make_token(""),
                         .created_at = now,
                         .enabled = true};
    store_.add_webhook(webhook);
    return webhook;
}

raw::Webhook Platform::webhook(UserId actor, WebhookId id) {
    raw::Webhook webhook = require_webhook(id);
    require_channel(actor, webhook.channel_id, {Permission::manage_webhooks});
    return webhook;
}

void Platform::move_webhook(raw::Webhook& webhook, const raw::Channel& to) {
    if (to.id == webhook.channel_id) return;
    if (to.server_id != webhook.server_id)
        throw invalid("channel_id", to.id.str() + " is not a channel of the webhook's server");
    check_webhook_room(to);
    webhook.channel_id = to.id;
}

raw::Webhook Platform::change_webhook(raw::Webhook webhook, const WebhookFields& fields) {
    if (!fields.name && !fields.avatar_url && !fields.channel && !fields.enabled)
        throw invalid("name", "nothing to change: give name, avatar_url, channel_id or enabled");
    if (fields.name) check_length("name", webhook.name = *fields.name, 1, 80);
    if (fields.avatar_url) check_avatar(webhook.avatar_url = *fields.avatar_url);
    if (fields.enabled) webhook.enabled = fields.enabled;
    store_.update_webhook(webhook);
    return webhook;
}

raw::Webhook Platform::edit_webhook(UserId actor, WebhookId id, const WebhookFields& fields) {
    raw::Webhook changed = webhook(actor, id);
    if (fields.channel)
        move_webhook(changed, require_text_channel(actor, *fields.channel, {Permission::manage_webhooks}));
    return change_webhook(std::move(changed), fields);
}

void Platform::delete_webhook(UserId actor, WebhookId id) { store_.remove_webhook(webhook(actor, id).id); }

raw::Webhook Platform::regenerate_webhook_token(UserId actor, WebhookId id) {
    raw::Webhook changed = webhook(actor, id);
    changed.token = make_token("");
    store_.update_webhook(changed);
    return changed;
}

raw::Webhook Platform::webhook(const WebhookKey& key) {
    raw::Webhook webhook = require_webhook(key.id);
    if (webhook.token != Secret(std::string(key.token)))
        throw Problem(401, "INVALID_WEBHOOK_TOKEN", "token: not the one of webhook " + key.id.str());
    return webhook;
}

raw::Webhook Platform::edit_webhook(const WebhookKey& key, const WebhookFields& fields) {
    raw::Webhook changed = webhook(key);
    if (fields.channel) {
        const auto to = store_.channel(*fields.channel);
        if (!to || to->type != ChannelType::text)
            throw invalid("channel_id", fields.channel->str() + " is not a text channel of the webhook's server");
        move_webhook(changed, *to);
    }
    return change_webhook(std::move(changed), fields);
}

void Platform::delete_webhook(const WebhookKey& key) { store_.remove_webhook(webhook(key).id); }

raw::Message Platform::execute_webhook(const WebhookKey& key, MessageContent content, const WebhookMask& mask,
                                       Timestamp now) {
    const raw::Webhook from = webhook(key);
    if (!from.enabled.value_or(true))
        throw forbidden("webhook " + from.id.str() + " is disabled: PATCH it with {\"enabled\": true}");
    if (mask.username) check_length("username", *mask.username, 1, 80);
    check_avatar(mask.avatar_url);
    const std::string name = mask.username.value_or(from.name);
    raw::Message message{.id = {},
                         .channel_id = from.channel_id,
                         .author = {.id = UserId{from.id.value},
                                    .username = name,
                                    .display_name = name,
                                    .avatar_url = mask.avatar_url ? mask.avatar_url : from.avatar_url},
                         .content = std::move(content.content).value_or(""),
                         .embeds = std::move(content.embeds).value_or(std::vector<raw::Embed>{}),
                         .webhook_id = from.id};
    post(message, *store_.channel(from.channel_id), now);
    return message;
}

raw::Message Platform::webhook_message(const WebhookKey& key, MessageId id) {
    const raw::Webhook from = webhook(key);
    auto message = store_.message(id);
    if (!message || message->webhook_id != from.id)
        throw Problem(404, "NOT_FOUND", "message " + id.str() + " of webhook " + from.id.str() + " does not exist");
    return std::move(*message);
}

raw::Message Platform::edit_webhook_message(const WebhookKey& key, MessageId id, MessageContent content,
                                            Timestamp now) {
    return apply_edit(webhook_message(key, id), std::move(content), now);
}

void Platform::delete_webhook_message(const WebhookKey& key, MessageId id) { remove_message(webhook_message(key, id)); }

}  // namespace intent::sandbox
