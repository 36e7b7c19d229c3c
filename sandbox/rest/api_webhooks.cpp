// Routes of webhooks: by a bearer token, and by the webhook's own (protocol §12).
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/api_replies.hpp"

namespace intent::sandbox {
namespace {

WebhookFields read_webhook(const std::string& body) {
    const Fields fields(body);
    WebhookFields webhook{.name = fields.text("name"),
                          .avatar_url = fields.nullable_text("avatar_url"),
                          .enabled = fields.boolean("enabled")};
    if (const auto channel = fields.snowflake("channel_id")) webhook.channel = ChannelId{*channel};
    return webhook;
}

MessageContent read_content(const Fields& fields) {
    return {.content = fields.text("content"), .embeds = fields.embeds()};
}

}  // namespace

void Api::add_url(raw::Webhook& webhook) const {
    if (base_.empty()) return;
    webhook.url = base_ + "/webhooks/" + webhook.id.str() + "/" + std::string(webhook.token.reveal());
}

ApiReply Api::webhook_reply(int status, raw::Webhook webhook) const {
    add_url(webhook);
    return object_reply(status, webhook);
}

ApiReply Api::own_webhook_reply(raw::Webhook webhook) const {
    webhook.creator_id.reset();  // is for those who may manage it
    return webhook_reply(200, std::move(webhook));
}

ApiReply Api::run_webhooks(const Call& call) {
    const ChannelId channel{call.match.channel_id.value_or(0)};
    const WebhookId id{call.match.webhook_id.value_or(0)};
    switch (call.match.route) {
        case Route::list_channel_webhooks:
        case Route::list_server_webhooks: {
            auto webhooks = call.match.server_id ? platform_.webhooks(call.actor, ServerId{*call.match.server_id})
                                                 : platform_.webhooks(call.actor, channel);
            for (auto& webhook : webhooks)
                add_url(webhook);
            return list("webhooks", webhooks);
        }
        case Route::create_webhook: {
            WebhookFields fields = read_webhook(call.request.body);
            fields.name = Fields(call.request.body).required_text("name");
            return webhook_reply(201, platform_.create_webhook(call.actor, channel, std::move(fields), call.now));
        }
        case Route::get_webhook:
            return webhook_reply(200, platform_.webhook(call.actor, id));
        case Route::edit_webhook:
            return webhook_reply(200, platform_.edit_webhook(call.actor, id, read_webhook(call.request.body)));
        case Route::regenerate_webhook_token:
            return webhook_reply(200, platform_.regenerate_webhook_token(call.actor, id));
        default:
            platform_.delete_webhook(call.actor, id);
            return empty_reply();
    }
}

ApiReply Api::run_webhooks_own(const Call& call) {
    const WebhookKey key{.id = WebhookId{call.match.webhook_id.value_or(0)}, .token = call.match.token};
    const MessageId message{call.match.message_id.value_or(0)};
    switch (call.match.route) {
        case Route::get_webhook_by_token:
            return own_webhook_reply(platform_.webhook(key));
        case Route::edit_webhook_by_token:
            return own_webhook_reply(platform_.edit_webhook(key, read_webhook(call.request.body)));
        case Route::delete_webhook_by_token:
            platform_.delete_webhook(key);
            return empty_reply();
        case Route::execute_webhook: {
            platform_.webhook(key);  // who has no right to write is told so before anything else
            const bool wait = Query(call.request.query).flag("wait");
            const Fields fields(call.request.body);
            const WebhookMask mask{.username = fields.text("username"), .avatar_url = fields.text("avatar_url")};
            const auto made = platform_.execute_webhook(key, read_content(fields), mask, call.now);
            return wait ? object_reply(200, made) : empty_reply();
        }
        case Route::get_webhook_message:
            return object_reply(200, platform_.webhook_message(key, message));
        case Route::edit_webhook_message:
            return object_reply(
                200, platform_.edit_webhook_message(key, message, read_content(Fields(call.request.body)), call.now));
        default:
            platform_.delete_webhook_message(key, message);
            return empty_reply();
    }
}

}  // namespace intent::sandbox
