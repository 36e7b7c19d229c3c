// Webhooks (protocol §12).
#include "client/api/rest_calls.hpp"

#include <intent/raw/bodies.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent::inline v0 {

using namespace client;

task<std::vector<Webhook>> RestClient::get_webhooks(ChannelId channel) {
    return call_for<std::vector<Webhook>>(context_, rest::get_webhooks(channel));
}
task<std::vector<Webhook>> RestClient::get_webhooks(ServerId server) {
    return call_for<std::vector<Webhook>>(context_, rest::get_webhooks(server));
}
task<Webhook> RestClient::create_webhook(ChannelId channel, NewWebhook webhook) {
    return call_for<Webhook>(context_, rest::create_webhook(channel, webhook));
}
task<Webhook> RestClient::get_webhook(WebhookId id) { return call_for<Webhook>(context_, rest::get_webhook(id)); }
task<Webhook> RestClient::edit_webhook(WebhookId id, WebhookEdit changes) {
    return call_for<Webhook>(context_, rest::edit_webhook(id, changes));
}
task<> RestClient::remove_webhook(WebhookId id) { return call_for_nothing(context_, rest::remove_webhook(id)); }
task<Webhook> RestClient::regenerate_webhook_token(WebhookId id) {
    return call_for<Webhook>(context_, rest::regenerate_webhook_token(id));
}

Webhook RestClient::webhook(WebhookId id, Secret token) const {
    raw::Webhook known;
    known.id = id;
    known.token = std::move(token);
    return {std::move(known), context_->ref()};
}

task<Webhook> RestClient::get_webhook(WebhookId id, Secret token) {
    return call_for<Webhook>(context_, rest::get_webhook(id, token));
}
task<Webhook> RestClient::edit_webhook(WebhookId id, Secret token, WebhookEdit changes) {
    return call_for<Webhook>(context_, rest::edit_webhook(id, token, changes));
}
task<> RestClient::remove_webhook(WebhookId id, Secret token) {
    return call_for_nothing(context_, rest::remove_webhook(id, token));
}

task<std::optional<Message>> RestClient::execute_webhook(WebhookId id, Secret token, WebhookBody body) {
    return webhook_execution(context_, rest::execute_webhook(id, token, body), body.get().wait);
}
task<Message> RestClient::get_webhook_message(WebhookId id, Secret token, MessageId message) {
    return call_for<Message>(context_, rest::get_webhook_message(id, token, message));
}
task<Message> RestClient::edit_webhook_message(WebhookId id, Secret token, MessageId message, MessageBody body) {
    return call_for<Message>(context_, rest::edit_webhook_message(id, token, message, body));
}
task<> RestClient::remove_webhook_message(WebhookId id, Secret token, MessageId message) {
    return call_for_nothing(context_, rest::remove_webhook_message(id, token, message));
}

}  // namespace intent
