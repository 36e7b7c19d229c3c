// Webhooks, by the bot's token and by their own (protocol §12).
#include "rest/build.hpp"
#include "rest/validate.hpp"

#include <utility>

namespace intent::rest {

namespace {

constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_url = 2048;
constexpr const char* no_channel = "channel_id: no id is set (0 is not an id)";

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

/// The body of a change, and the problem with it.
std::pair<std::string, Wrong> changes_of(const WebhookEdit& changes) {
    Body body;
    body.text("name", changes.name());
    if (changes.removes_avatar())
        body.null("avatar_url");
    else
        body.text("avatar_url", changes.avatar_url());
    body.id("channel_id", changes.channel());
    body.boolean("enabled", changes.enabled());
    auto wrong = first_wrong(
        check_optional_text("name", changes.name(), 1, longest_name),
        [&] { return check_optional_text("avatar_url", changes.avatar_url(), 0, longest_url); },
        [&] { return changes.channel() && !*changes.channel() ? Wrong(no_channel) : Wrong(); },
        [&] { return check_changes(body); });
    return {body.json(), std::move(wrong)};
}

}  // namespace

Call get_webhooks(ChannelId channel) { return channel_path(channel).word("webhooks").call("GET"); }
Call get_webhooks(ServerId server) { return server_path(server).word("webhooks").call("GET"); }

Call create_webhook(ChannelId channel, const NewWebhook& webhook) {
    Body body;
    body.text("name", webhook.name());
    body.text("avatar_url", webhook.avatar_url());
    const auto wrong = first_wrong(check_text("name", webhook.name(), 1, longest_name), [&] {
        return check_optional_text("avatar_url", webhook.avatar_url(), 0, longest_url);
    });
    return channel_path(channel).word("webhooks").call("POST", wrong, body.json());
}

Call get_webhook(WebhookId id) { return webhook_path(id).call("GET"); }

Call edit_webhook(WebhookId id, const WebhookEdit& changes) {
    auto [body, wrong] = changes_of(changes);
    return webhook_path(id).call("PATCH", wrong, std::move(body));
}

Call remove_webhook(WebhookId id) { return webhook_path(id).call("DELETE"); }

Call regenerate_webhook_token(WebhookId id) { return webhook_path(id).word("regenerate-token").call("POST"); }

Call get_webhook(WebhookId id, const Secret& token) {
    return by_token(token_path(id, token).call("GET"), WebhookUse::fetch, id, token);
}

Call edit_webhook(WebhookId id, const Secret& token, const WebhookEdit& changes) {
    auto [body, wrong] = changes_of(changes);
    return by_token(token_path(id, token).call("PATCH", wrong, std::move(body)), WebhookUse::act, id, token);
}

Call remove_webhook(WebhookId id, const Secret& token) {
    return by_token(token_path(id, token).call("DELETE"), WebhookUse::act, id, token);
}

Call execute_webhook(WebhookId id, const Secret& token, const WebhookBody& body) {
    Body json;
    json.text("content", body.message().content());
    json.text("username", body.username());
    json.text("avatar_url", body.avatar_url());
    json.embeds(body.message().embeds());
    const auto wrong = first_wrong(
        check_webhook_message(body.message()),
        [&] { return check_optional_text("username", body.username(), 1, longest_name); },
        [&] { return check_optional_text("avatar_url", body.avatar_url(), 0, longest_url); });
    Path path = token_path(id, token);
    if (body.waits()) path.query("wait", "true");
    return by_token(path.call("POST", wrong, json.json()), WebhookUse::act, id, token);
}

Call get_webhook_message(WebhookId id, const Secret& token, MessageId message) {
    return by_token(message_path(id, token, message).call("GET"), WebhookUse::message, id, token);
}

Call edit_webhook_message(WebhookId id, const Secret& token, MessageId message, const MessageBody& body) {
    Body json;
    json.text("content", body.content());
    json.embeds(body.embeds());
    return by_token(message_path(id, token, message).call("PATCH", check_webhook_message(body), json.json()),
                    WebhookUse::message, id, token);
}

Call remove_webhook_message(WebhookId id, const Secret& token, MessageId message) {
    return by_token(message_path(id, token, message).call("DELETE"), WebhookUse::message, id, token);
}

}  // namespace intent::rest
