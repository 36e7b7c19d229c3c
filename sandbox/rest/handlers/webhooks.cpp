// Handlers of webhooks, with a bearer token and with the token of the webhook (protocol §12).
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

WebhookFields read_webhook(const Fields& fields) {
    WebhookFields webhook{.name = fields.text("name"),
                          .avatar_url = fields.nullable_text("avatar_url"),
                          .enabled = fields.boolean("enabled")};
    if (const auto channel = fields.snowflake("channel_id")) webhook.channel = ChannelId{*channel};
    return webhook;
}

MessageContent read_webhook_content(const Fields& fields) {
    return {.content = fields.text("content"), .embeds = fields.embeds()};
}

}  // namespace

void Handlers::add_url(raw::Webhook& webhook) const {
    if (base_.empty()) return;
    webhook.url = base_ + "/webhooks/" + webhook.id.str() + "/" + std::string(webhook.token.reveal());
}

ApiReply Handlers::webhook_reply(int status, raw::Webhook webhook) const {
    add_url(webhook);
    return object_reply(status, webhook);
}

ApiReply Handlers::own_webhook_reply(raw::Webhook webhook) const {
    webhook.creator_id.reset();  // only for users who may manage the webhook
    return webhook_reply(200, std::move(webhook));
}

ApiReply Handlers::list_webhooks(std::vector<raw::Webhook> webhooks) const {
    for (auto& webhook : webhooks)
        add_url(webhook);
    return list("webhooks", webhooks);
}

ApiReply Handlers::list_channel_webhooks(const Call& call) {
    return list_webhooks(platform_.webhooks(call.actor(), call.channel()));
}

ApiReply Handlers::list_server_webhooks(const Call& call) {
    return list_webhooks(platform_.webhooks(call.actor(), call.server()));
}

ApiReply Handlers::create_webhook(const Call& call) {
    const Fields fields = call.fields();
    WebhookFields webhook = read_webhook(fields);
    webhook.name = fields.required_text("name");
    return webhook_reply(201, platform_.create_webhook(call.actor(), call.channel(), std::move(webhook), call.now()));
}

ApiReply Handlers::get_webhook(const Call& call) {
    return webhook_reply(200, platform_.webhook(call.actor(), call.webhook()));
}

ApiReply Handlers::edit_webhook(const Call& call) {
    return webhook_reply(200, platform_.edit_webhook(call.actor(), call.webhook(), read_webhook(call.fields())));
}

ApiReply Handlers::delete_webhook(const Call& call) {
    platform_.delete_webhook(call.actor(), call.webhook());
    return empty_reply();
}

ApiReply Handlers::regenerate_webhook_token(const Call& call) {
    return webhook_reply(200, platform_.regenerate_webhook_token(call.actor(), call.webhook()));
}

ApiReply Handlers::get_webhook_by_token(const Call& call) {
    return own_webhook_reply(platform_.webhook(call.webhook_key()));
}

ApiReply Handlers::edit_webhook_by_token(const Call& call) {
    return own_webhook_reply(platform_.edit_webhook(call.webhook_key(), read_webhook(call.fields())));
}

ApiReply Handlers::delete_webhook_by_token(const Call& call) {
    platform_.delete_webhook(call.webhook_key());
    return empty_reply();
}

ApiReply Handlers::execute_webhook(const Call& call) {
    platform_.webhook(call.webhook_key());  // an invalid token is reported before any other mistake
    const bool wait = call.query().flag("wait");
    const Fields fields = call.fields();
    const WebhookMask mask{.username = fields.text("username"), .avatar_url = fields.text("avatar_url")};
    const auto made = platform_.execute_webhook(call.webhook_key(), read_webhook_content(fields), mask, call.now());
    return wait ? object_reply(200, made) : empty_reply();
}

ApiReply Handlers::get_webhook_message(const Call& call) {
    return object_reply(200, platform_.webhook_message(call.webhook_key(), call.message()));
}

ApiReply Handlers::edit_webhook_message(const Call& call) {
    return object_reply(200, platform_.edit_webhook_message(call.webhook_key(), call.message(),
                                                            read_webhook_content(call.fields()), call.now()));
}

ApiReply Handlers::delete_webhook_message(const Call& call) {
    platform_.delete_webhook_message(call.webhook_key(), call.message());
    return empty_reply();
}

}  // namespace intent::sandbox
