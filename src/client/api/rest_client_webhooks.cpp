// Webhooks (protocol §12).
#include "client/api/rest_calls.hpp"

#include <intent/rest.hpp>

#include <utility>

namespace intent {

using namespace client;

task<std::vector<Webhook>> RestClient::get_webhooks(ChannelId channel) {
    return webhook_list(context_, rest::get_webhooks(channel));
}
task<std::vector<Webhook>> RestClient::get_webhooks(ServerId server) {
    return webhook_list(context_, rest::get_webhooks(server));
}
task<Webhook> RestClient::create_webhook(ChannelId channel, NewWebhook webhook) {
    return one_webhook(context_, rest::create_webhook(channel, webhook));
}
task<Webhook> RestClient::get_webhook(WebhookId id) { return one_webhook(context_, rest::get_webhook(id)); }
task<Webhook> RestClient::edit_webhook(WebhookId id, WebhookEdit changes) {
    return one_webhook(context_, rest::edit_webhook(id, changes));
}
task<> RestClient::remove_webhook(WebhookId id) { return call_for_nothing(context_, rest::remove_webhook(id)); }
task<Webhook> RestClient::regenerate_webhook_token(WebhookId id) {
    return one_webhook(context_, rest::regenerate_webhook_token(id));
}

task<Webhook> RestClient::get_webhook(WebhookId id, Secret token) {
    return one_webhook(context_, rest::get_webhook(id, token));
}
task<Webhook> RestClient::edit_webhook(WebhookId id, Secret token, WebhookEdit changes) {
    return one_webhook(context_, rest::edit_webhook(id, token, changes));
}
task<> RestClient::remove_webhook(WebhookId id, Secret token) {
    return call_for_nothing(context_, rest::remove_webhook(id, token));
}

task<std::optional<Message>> RestClient::execute_webhook(WebhookId id, Secret token, WebhookBody body) {
    return webhook_execution(context_, rest::execute_webhook(id, token, body), body.get().wait);
}
task<Message> RestClient::get_webhook_message(WebhookId id, Secret token, MessageId message) {
    return one_message(context_, rest::get_webhook_message(id, token, message));
}
task<Message> RestClient::edit_webhook_message(WebhookId id, Secret token, MessageId message, MessageBody body) {
    return one_message(context_, rest::edit_webhook_message(id, token, message, body));
}
task<> RestClient::remove_webhook_message(WebhookId id, Secret token, MessageId message) {
    return call_for_nothing(context_, rest::remove_webhook_message(id, token, message));
}

}  // namespace intent
