// Webhooks (protocol §12).
#include "client/rest_calls.hpp"

#include <intent/rest.hpp>

#include <utility>

namespace intent {

namespace {

using client::call_for_list;
using client::call_for_nothing;
using client::call_for_one;
using client::Core;

/// The message that was written, if the answer holds it. What else stands there matters to him only who asked for it:
/// the message is written in any case.
task<std::optional<Message>> call_for_execution(Core core, rest::Call call, bool waits) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    if (answer.body.find_first_not_of(" \t\r\n") == std::string::npos) co_return std::nullopt;
    auto message = codec::from_json_wrapped<raw::Message>(answer.body, "message");
    if (message) co_return Message(*std::move(message), ClientRef(core));
    if (waits) client::unreadable(core, call, answer, message.failure());
    co_return std::nullopt;
}

task<Webhook> one_webhook(const Core& core, rest::Call call) {
    return call_for_one<Webhook, raw::Webhook>(core, std::move(call), "webhook");
}
task<Message> message_of_webhook(const Core& core, rest::Call call) {
    return call_for_one<Message, raw::Message>(core, std::move(call), "message");
}

}  // namespace

task<std::vector<Webhook>> RestClient::get_webhooks(ChannelId channel) {
    return call_for_list<Webhook, raw::Webhook>(core_, rest::get_webhooks(channel), "webhooks");
}
task<std::vector<Webhook>> RestClient::get_webhooks(ServerId server) {
    return call_for_list<Webhook, raw::Webhook>(core_, rest::get_webhooks(server), "webhooks");
}
task<Webhook> RestClient::create_webhook(ChannelId channel, NewWebhook webhook) {
    return one_webhook(core_, rest::create_webhook(channel, webhook));
}
task<Webhook> RestClient::get_webhook(WebhookId id) { return one_webhook(core_, rest::get_webhook(id)); }
task<Webhook> RestClient::edit_webhook(WebhookId id, WebhookEdit changes) {
    return one_webhook(core_, rest::edit_webhook(id, changes));
}
task<> RestClient::delete_webhook(WebhookId id) { return call_for_nothing(core_, rest::delete_webhook(id)); }
task<Webhook> RestClient::regenerate_webhook_token(WebhookId id) {
    return one_webhook(core_, rest::regenerate_webhook_token(id));
}

task<Webhook> RestClient::get_webhook(WebhookId id, Secret token) {
    return one_webhook(core_, rest::get_webhook(id, token));
}
task<Webhook> RestClient::edit_webhook(WebhookId id, Secret token, WebhookEdit changes) {
    return one_webhook(core_, rest::edit_webhook(id, token, changes));
}
task<> RestClient::delete_webhook(WebhookId id, Secret token) {
    return call_for_nothing(core_, rest::delete_webhook(id, token));
}

task<std::optional<Message>> RestClient::execute_webhook(WebhookId id, Secret token, WebhookBody body) {
    return call_for_execution(core_, rest::execute_webhook(id, token, body), body.waits());
}
task<Message> RestClient::get_webhook_message(WebhookId id, Secret token, MessageId message) {
    return message_of_webhook(core_, rest::get_webhook_message(id, token, message));
}
task<Message> RestClient::edit_webhook_message(WebhookId id, Secret token, MessageId message, MessageBody body) {
    return message_of_webhook(core_, rest::edit_webhook_message(id, token, message, body));
}
task<> RestClient::delete_webhook_message(WebhookId id, Secret token, MessageId message) {
    return call_for_nothing(core_, rest::delete_webhook_message(id, token, message));
}

}  // namespace intent
