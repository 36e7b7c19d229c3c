// Webhooks, by the bot's token and by their own (protocol §12).
#include "rest/build.hpp"

#include <utility>

namespace intent::rest {

namespace {

Path webhook_path(WebhookId id) { return std::move(Path().word("webhooks").major("webhook_id", id)); }
Path token_path(WebhookId id, const Secret& token) { return std::move(webhook_path(id).text("token", token.reveal())); }
Path message_path(WebhookId id, const Secret& token, MessageId message) {
    return std::move(token_path(id, token).word("messages").minor("message_id", message));
}

Call by_token(Call call, WebhookUse use, WebhookId id, const Secret& token) {
    if (auto* request = std::get_if<Request>(&call)) {
        request->auth = Auth::none;
        request->webhook_use = use;
        request->webhook = id.str() + "/" + std::string(token.reveal());
        request->secret = token.reveal();
    }
    return call;
}

}  // namespace

Call get_webhooks(ChannelId channel) { return channel_path(channel).word("webhooks").call("GET"); }
Call get_webhooks(ServerId server) { return server_path(server).word("webhooks").call("GET"); }

Call create_webhook(ChannelId channel, const NewWebhook& webhook) {
    return channel_path(channel).word("webhooks").call("POST", content_of(webhook.get()));
}

Call get_webhook(WebhookId id) { return webhook_path(id).call("GET"); }

Call edit_webhook(WebhookId id, const WebhookEdit& changes) {
    return webhook_path(id).call("PATCH", changes_of(changes.get()));
}

Call remove_webhook(WebhookId id) { return webhook_path(id).call("DELETE"); }

Call regenerate_webhook_token(WebhookId id) { return webhook_path(id).word("regenerate-token").call("POST"); }

Call get_webhook(WebhookId id, const Secret& token) {
    return by_token(token_path(id, token).call("GET"), WebhookUse::fetch, id, token);
}

Call edit_webhook(WebhookId id, const Secret& token, const WebhookEdit& changes) {
    return by_token(token_path(id, token).call("PATCH", changes_of(changes.get())), WebhookUse::act, id, token);
}

Call remove_webhook(WebhookId id, const Secret& token) {
    return by_token(token_path(id, token).call("DELETE"), WebhookUse::act, id, token);
}

Call execute_webhook(WebhookId id, const Secret& token, const WebhookBody& body) {
    Path path = token_path(id, token);
    if (body.get().wait) path.query("wait", "true");
    return by_token(path.call("POST", content_of(body.get(), check_webhook_message(body.get()))), WebhookUse::act, id,
                    token);
}

Call get_webhook_message(WebhookId id, const Secret& token, MessageId message) {
    return by_token(message_path(id, token, message).call("GET"), WebhookUse::message, id, token);
}

Call edit_webhook_message(WebhookId id, const Secret& token, MessageId message, const MessageBody& body) {
    return by_token(
        message_path(id, token, message).call("PATCH", content_of(body.get(), check_webhook_message(body.get()))),
        WebhookUse::message, id, token);
}

Call remove_webhook_message(WebhookId id, const Secret& token, MessageId message) {
    return by_token(message_path(id, token, message).call("DELETE"), WebhookUse::message, id, token);
}

}  // namespace intent::rest
